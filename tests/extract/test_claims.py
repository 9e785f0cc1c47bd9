"""What is claimed, by whom, when and where: Arabic and English news in several outlets' manners."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extract.claims import Extraction, extract_claims
from claims.model import Article, Claim, digest

PUBLISHED = date(2024, 10, 12)


def extracted(text: str, lang: str = "ar", published: date | None = PUBLISHED) -> Extraction:
    return extract_claims(Article("a_" + digest(text), text, published, lang))


def claims(text: str, lang: str = "ar") -> tuple[Claim, ...]:
    return extracted(text, lang).claims


def only(found: tuple[Claim, ...], part: str) -> Claim:
    matching = [claim for claim in found if part in claim.text]
    assert len(matching) == 1, [claim.text for claim in found]
    return matching[0]


def speakers(claim: Claim) -> list[tuple[str | None, str]]:
    return [(link.speaker, link.mode) for link in claim.attribution]


def days(claim: Claim) -> list[tuple[str, str]]:
    return [(when.first.isoformat(), when.last.isoformat()) for when in claim.when]


def test_the_article_gives_the_three_claims_that_must_come_out_right(real_article: str) -> None:
    found = claims(real_article)
    summit = only(found, "قمة دول البريكس في قازان")
    assert summit.kind == "event" and summit.polarity == "affirmed" and summit.attribution == ()
    assert days(summit) == [("2024-10-22", "2024-10-24")]
    assert ("Kazan", "RU") in {(place.name, place.country) for place in summit.where}
    accusation = only(found, "بصواريخ باليستية")
    assert accusation.kind == "accusation"
    assert [(link.speaker_id, link.mode) for link in accusation.attribution] == [("US", "accuses")]
    assert {"IR", "RU", "UA"} <= {who.id for who in accusation.who}
    denial = only(found, "تنفيه")
    assert denial.kind == "denial" and denial.polarity == "negated"
    assert [(link.speaker, link.speaker_id, link.mode) for link in denial.attribution] == [
        ("طهران", "IR", "denies")
    ]
    assert denial.about == accusation.id
    assert denial.standalone is not None and "بصواريخ" in denial.standalone


def test_the_article_gives_more_than_twenty_claims_and_leaves_the_credit_out(real_article: str) -> None:
    extraction = extracted(real_article)
    assert 22 <= len(extraction.claims) <= 34
    assert [left.reason for left in extraction.excluded] == ["agency credit"]


def test_a_chain_runs_from_the_agency_to_the_speaker() -> None:
    text = "ونقلت وكالة رويترز عن وزير الخارجية الأردني أيمن الصفدي قوله إن الحدود ستبقى مغلقة حتى الأحد."
    (claim,) = claims(text)
    assert [link.mode for link in claim.attribution] == ["reports", "says"]
    assert claim.attribution[0].speaker_id == "agency:reuters"
    assert "أيمن الصفدي" in (claim.attribution[1].speaker or "")
    assert claim.content is not None
    assert text[slice(*claim.content)] == "الحدود ستبقى مغلقة حتى الأحد"


def test_who_spoke_last_is_carried_on() -> None:
    text = "قال رئيس الوزراء العراقي محمد شياع السوداني إن الميزانية أقرت. وأضاف أن الرواتب ستصرف في موعدها."
    first, second = claims(text)
    assert second.attribution[0].speaker == first.attribution[0].speaker
    assert second.attribution[0].mode == "says"


def test_nobody_is_named_where_nobody_can_be_known() -> None:
    (claim,) = claims("وأضاف أن الرواتب ستصرف في موعدها يوم الأحد في بغداد.")
    assert speakers(claim) == [(None, "says")]
    assert claim.standalone is None


def test_what_is_said_after_and_that_is_a_claim_of_its_own() -> None:
    text = "وأعلنت وزارة الصحة اللبنانية أن الغارة قتلت تسعة أشخاص، وأن 25 آخرين أصيبوا بجروح."
    first, second = claims(text)
    assert "تسعة" in first.text and "25" in second.text
    assert first.attribution[0].speaker == second.attribution[0].speaker
    assert [number.value for number in second.numbers] == [25]


def test_a_denial_that_points_back_across_sentences() -> None:
    text = (
        "واتهمت كييف موسكو بقصف محطة كهرباء في خاركيف يوم الخميس. وسقط ثلاثة جرحى وفق السلطات المحلية. "
        "ونفت موسكو هذه الاتهامات."
    )
    found = claims(text)
    accusation, denial = only(found, "واتهمت"), only(found, "ونفت")
    assert accusation.attribution[0].speaker == "كييف" and accusation.attribution[0].speaker_id == "UA"
    assert denial.kind == "denial" and denial.about == accusation.id


def test_a_denial_with_its_own_content() -> None:
    text = "نفت مصر مشاركتها في أي عمل عسكري في السودان."
    (claim,) = claims(text)
    assert claim.kind == "denial" and claim.attribution[0].speaker == "مصر"
    assert claim.content is not None and text[slice(*claim.content)].startswith("مشاركتها")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("وقع البلدان اتفاقية تجارة حرة في الدوحة الثلاثاء.", "agreement"),
        ("تعتزم الحكومة المغربية رفع أسعار الغاز العام المقبل.", "plan"),
        ("بلغ معدل التضخم في مصر 26 بالمئة في سبتمبر.", "quantity"),
        ("تعهد الرئيس التونسي قيس سعيد بمكافحة الفساد.", "pledge"),
        ("وصل وزير الخارجية الفرنسي إلى بيروت الاثنين.", "event"),
        ("تدعم الجزائر الموقف الفلسطيني في الأمم المتحدة.", "state"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert [claim.kind for claim in claims(text)] == [kind]


def test_english_chains_accusations_and_denials() -> None:
    text = (
        "Kazan, a city on the Volga, hosts the BRICS summit from 22 to 24 October 2024. "
        "The United States accused Iran of supplying Russia with ballistic missiles, which Tehran denies. "
        "TASS quoted President Vladimir Putin as saying that trade was growing. "
        '"We have agreed on the projects," said Masoud Pezeshkian.'
    )
    found = claims(text, "en")
    summit = only(found, "BRICS summit")
    assert summit.kind == "event" and days(summit) == [("2024-10-22", "2024-10-24")]
    accusation, denial = only(found, "accused"), only(found, "denies")
    assert accusation.kind == "accusation" and accusation.attribution[0].speaker == "The United States"
    assert denial.kind == "denial" and denial.about == accusation.id
    assert denial.attribution[0].speaker_id == "IR"
    quoted = only(found, "trade was growing")
    assert [link.speaker_id for link in quoted.attribution] == ["agency:tass", "person:putin"]
    assert only(found, "projects").attribution[0].speaker_id == "person:pezeshkian"


def test_a_denied_that_clause_keeps_its_content() -> None:
    text = "Tehran denied that it had sent missiles to Russia."
    (claim,) = claims(text, "en")
    assert claim.kind == "denial" and claim.content is not None
    assert text[slice(*claim.content)] == "it had sent missiles to Russia"


def test_questions_and_credits_are_left_out_with_the_reason() -> None:
    extraction = extracted("هل ستعقد القمة في موعدها المقرر؟\n(أ ف ب)\nاقرأ أيضا")
    assert extraction.claims == ()
    assert [left.reason for left in extraction.excluded] == [
        "a question", "agency credit", "too short to claim anything"
    ]  # fmt: skip


def test_the_same_text_gives_the_same_ids(real_article: str) -> None:
    again = claims(real_article)
    assert [claim.id for claim in claims(real_article)] == [claim.id for claim in again]
    assert len({claim.id for claim in again}) == len(again)


PIECES = [
    "قالَ الرئيسُ الإيرانيّ", "مسعود بزشكيان", "إنّ", "“", "”", "«", "»", "،", ".", "\n", "٢٢", "أكتوبر", "وأضاف أن",
    "accused", "Tehran", "said that", '"', " ", "denies", "\u200f", "\u200e", "ـــ", "🙂", "\u202b", "й", "\0", "نفت",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30), st.sampled_from(["ar", "en"]))
def test_offsets_are_exact_on_any_text(pieces: list[str], lang: str) -> None:
    text = " ".join(pieces)
    for claim in claims(text, lang):
        assert text[claim.start : claim.end] == claim.text and claim.text.strip()
        for thing in (*claim.when, *claim.where, *claim.who, *claim.numbers):
            assert text[thing.start : thing.end] == thing.text
        for link in claim.attribution:
            assert text[link.start : link.end] == link.cue
            assert link.speaker is None or link.speaker in text
        if claim.content:
            assert 0 <= claim.content[0] < claim.content[1] <= len(text)


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ar", "ودعا الأمين العام للأمم المتحدة أنطونيو غوتيريش إلى ضبط النفس.", "الأمين العام للأمم المتحدة أنطونيو غوتيريش"),
        ("ar", "وكان وزير النفط قد صرح الأسبوع الماضي بأن الإنتاج سيرتفع.", "وزير النفط"),
        ("ar", "وأكدت مصادر طبية لـ\"الغد\" مقتل خمسة أشخاص في انفجار في حلب.", "مصادر طبية"),
        ("ar", "ارتفعت الأسعار مرتين هذا العام، على ما أفاد به مكتب الإحصاء.", "مكتب الإحصاء"),
        ("ar", "من جانبه، أعرب رئيس الوزراء عن قلقه إزاء التصعيد.", "رئيس الوزراء"),
        ("ar", "وحملت النقابة الوزارة مسؤولية تأخر الرواتب.", "النقابة"),
        ("en", "The governments of Britain, France and Germany said the truce was a first step.", "The governments of Britain, France and Germany"),
        ("en", '"We will go," Foreign Minister Clara Jenni told reporters.', "Foreign Minister Clara Jenni"),
        ("en", "The clinics will open in May, Health Minister Omar Said announced.", "Health Minister Omar Said"),
        ("en", "Iran's mission to the United Nations dismissed the allegation as baseless.", "Iran's mission to the United Nations"),
        ("en", "Officials say the bridge could reopen in May.", "Officials"),
    ],
)  # fmt: skip
def test_speakers_are_named_in_full(lang: str, text: str, expected: str) -> None:
    (claim,) = claims(text, lang)
    assert [link.speaker for link in claim.attribution] == [expected]


def test_a_participle_goes_on_with_who_acted_before() -> None:
    text = "وانتقدت النقابة خطة الحكومة لرفع الأسعار، مؤكدة أنها ستدعو إلى إضراب يوم الأحد."
    first, second = claims(text)
    assert first.attribution[0].speaker == second.attribution[0].speaker == "النقابة"


def test_speech_that_tells_itself_is_not_told_twice() -> None:
    (claim,) = claims("ودعت وزارة الخارجية الفرنسية إلى وقف فوري لإطلاق النار.")
    assert claim.standalone == "دعت وزارة الخارجية الفرنسية إلى وقف فوري لإطلاق النار"


def test_nobody_is_named_who_accuses() -> None:
    (claim,) = claims("Peter Lund was accused of taking bribes from a waste company.", "en")
    assert claim.kind == "accusation" and speakers(claim) == [(None, "accuses")]
    assert claim.standalone == "Peter Lund was accused of taking bribes from a waste company"


def test_no_truth_in_it_is_a_denial() -> None:
    (claim,) = claims("وقالت الوزارة إنه لا صحة لما يتداول عن إغلاق معبر رفح أمام المسافرين.")
    assert claim.kind == "denial" and claim.content is not None
    assert claim.text[claim.content[0] :].startswith("إغلاق معبر رفح")


def test_a_note_on_the_outlets_own_work_is_left_out() -> None:
    extraction = extracted("ولم يتسن لوكالتنا التحقق من هذه الأنباء على نحو مستقل.")
    assert [left.reason for left in extraction.excluded] == ["a note on the outlet's own work"]


def test_no_claim_begins_with_a_bare_conjunction() -> None:
    found = claims("وصل الوفد إلى عمان الخميس، فيما غادر وفد آخر إلى بغداد، حيث التقى رئيس الوزراء العراقي.")
    assert len(found) == 3 and not any(claim.text.startswith(("فيما", "حيث")) for claim in found)


def test_what_happens_unless_something_else_does_is_affirmed() -> None:
    (claim,) = claims("وتوعد الرئيس الفرنسي بفرض عقوبات ما لم تتراجع بريتوريا.")
    assert claim.polarity == "affirmed"


def test_two_figures_joined_by_and_are_two_claims() -> None:
    found = claims("وارتفعت أسعار النفط واحدا بالمئة، وصعد خام برنت إلى 67 دولارا للبرميل.")
    assert [claim.kind for claim in found] == ["event", "quantity"]
