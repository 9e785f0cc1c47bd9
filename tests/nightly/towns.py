"""A made-up web of many small stories, of the kind of the sample web: each has an article and its pages.

Two outlets print one agency's story, a third reports for itself, one in English gives another figure, and the
contractor that is accused of delay denies it. The words are the same for all stories, the facts are each its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_TOWNS = ("المرسى", "الزهراء", "النخيل", "الواحة", "الشاطئ", "القلعة", "الميناء", "الروضة", "السدرة", "الجبل")
_TOWNS_EN = ("Marsa", "Zahra", "Nakhil", "Waha", "Shati", "Qalaa", "Mina", "Rawda", "Sidra", "Jabal")
_SIDES = ("", " الشرقية", " الغربية", " الشمالية", " الجنوبية")
_SIDES_EN = ("", "East ", "West ", "North ", "South ")
_WORKS = (
    ("مستشفى", "المستشفى", "hospital"),
    ("جسر", "الجسر", "bridge"),
    ("سد", "السد", "dam"),
    ("مصنع", "المصنع", "factory"),
    ("متحف", "المتحف", "museum"),
    ("ملعب", "الملعب", "stadium"),
    ("نفق", "النفق", "tunnel"),
    ("سوق", "السوق", "market"),
    ("مطار", "المطار", "airport"),
    ("معهد", "المعهد", "institute"),
)
_MINISTERS = (
    "سالم الحداد",
    "نورة الكيلاني",
    "فؤاد الصيرفي",
    "ليلى المنذري",
    "كمال العطار",
    "هدى النجار",
    "رشيد بن عمر",
)


@dataclass(frozen=True)
class Story:
    """The facts of one story."""

    number: int

    @property
    def town(self) -> str:
        return _TOWNS[self.number % 10] + _SIDES[self.number // 10 % 5]

    @property
    def town_en(self) -> str:
        return _SIDES_EN[self.number // 10 % 5] + _TOWNS_EN[self.number % 10]

    @property
    def work(self) -> tuple[str, str, str]:
        return _WORKS[(self.number // 50 + self.number) % 10]

    @property
    def day(self) -> int:
        return 3 + self.number % 20

    @property
    def cost(self) -> int:
        return 40 + 3 * self.number

    @property
    def workers(self) -> int:
        return 210 + 7 * self.number

    @property
    def minister(self) -> str:
        return _MINISTERS[self.number % 7]

    @property
    def article(self) -> str:
        one, the, _ = self.work
        return (
            f"{self.town}: افتتحت وزيرة الأشغال {self.minister} {one} {self.town} في {self.day} مارس 2024، بعد عامين من العمل.\n"
            f"وقالت وكالة ربى إن كلفة {the} بلغت {self.cost} مليون دينار. وعمل في بنائه {self.workers} عاملا.\n"
            f"واتهم مجلس {self.town} شركة الإعمار بتأخير افتتاح {the} ستة أشهر، ونفت الشركة ذلك."
        )

    @property
    def page(self) -> str:
        """The name of the file of the outlet that reports for itself."""
        return f"{self.number:04d}-own.html"

    def pages(self) -> list[tuple[str, str, str, str, str, list[str]]]:
        """Of each page: file, host, outlet, language, headline, paragraphs."""
        one, the, english = self.work
        wire = [
            f"{self.town} (وكالة ربى للأنباء) - افتتحت وزيرة الأشغال {self.minister} {one} {self.town} يوم {self.day} مارس 2024.",
            f"وبلغت كلفة {the} {self.cost} مليون دينار، وعمل في بنائه {self.workers} عاملا على مدى عامين.",
            f"ويخدم {the} أهالي {self.town} والقرى المجاورة لها، وتعتزم الوزارة توسيعه في العام المقبل.",
        ]
        own = [
            f"شهدت {self.town} في {self.day} مارس 2024 افتتاح {one} {self.town} بحضور وزيرة الأشغال {self.minister}.",
            f"وعلمت الصحيفة من مهندس المشروع أن {the} كلف {self.cost} مليون دينار.",
            f"وقال مجلس {self.town} إن شركة الإعمار أخرت افتتاح {the} ستة أشهر.",
        ]
        denial = [
            f"نفت شركة الإعمار أن تكون أخرت افتتاح {the} في {self.town}، وقالت إن العمل سار في موعده.",
            "وأضافت الشركة في بيان أنها سلمت كل ما عليها في حينه.",
        ]
        abroad = [
            f"The {english} of {self.town_en} opened on {self.day} March 2024, two years after work on it began.",
            f"It cost {self.cost + 15} million dinars, according to a report by the audit office.",
        ]
        number = f"{self.number:04d}"
        return [
            (f"{number}-wire.html", "nahr.example", "نهر نيوز", "ar", f"افتتاح {one} {self.town}", wire),
            (f"{number}-copy.html", "qindil.example", "القنديل", "ar", f"{one} {self.town} يفتح أبوابه", wire),
            (self.page, "daftar.example", "دفتر اليوم", "ar", f"{self.town}: {the} بعد عامين", own),
            (f"{number}-denial.html", "sariya.example", "السارية", "ar", f"شركة الإعمار تنفي تأخير {the} في {self.town}", denial),
            (f"{number}-abroad.html", "harbour.example", "Harbour Ledger", "en", f"{self.town_en} opens its {english}", abroad),
        ]  # fmt: skip


def write_towns(folder: Path, count: int, fetch: str = "") -> Path:
    """So many stories: the articles in `inbox`, their pages in `web`, and the desk file, which is returned.

    `fetch` is what the sources file says of fetching beyond that hosts are not spared.
    """
    inbox, web = folder / "inbox", folder / "web"
    inbox.mkdir(parents=True)
    web.mkdir()
    table = []
    for story in map(Story, range(count)):
        (inbox / f"{story.number:04d}.txt").write_text(story.article, encoding="utf-8")
        for file, host, outlet, lang, headline, paragraphs in story.pages():
            write_page(web / file, outlet, lang, story.day + 1, headline, paragraphs)
            table.append(
                f'[[page]]\nurl = "http://{host}/{story.number}"\nfile = "{file}"\n'
                f'lang = "{lang}"\ntitle = "{headline}"\n'
            )
    (web / "web.toml").write_text("".join(table), encoding="utf-8")
    (folder / "sources.toml").write_text(
        f'[fetch]\nper_host_delay_s = 0\n{fetch}[[source]]\nname = "towns"\nkind = "replay"\npath = "web/web.toml"\n',
        encoding="utf-8",
    )
    desk = folder / "desk.toml"
    desk.write_text(
        f'sources = "sources.toml"\n[budget]\nnew_articles = {count}\n'
        f'[[watch]]\nname = "inbox"\nkind = "folder"\npath = "inbox"\nlimit = {count}\n'
    )
    return desk


def write_page(file: Path, outlet: str, lang: str, day: int, headline: str, paragraphs: list[str]) -> None:
    """A page with what an outlet prints around a story."""
    aside = "".join(f'<li><a href="/section/{n}">{n}</a></li>' for n in range(1, 6))
    text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    file.write_text(
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{headline} | {outlet}</title>\n'
        f'<meta property="og:site_name" content="{outlet}"><meta property="og:title" content="{headline}">\n'
        f'<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle", '
        f'"headline": "{headline}", "datePublished": "2024-03-{day:02d}T09:00:00+03:00", "inLanguage": "{lang}", '
        f'"publisher": {{"@type": "NewsMediaOrganization", "name": "{outlet}"}}}}</script></head><body>\n'
        f"<header><a href='/'>{outlet}</a><nav><ul>{aside}</ul></nav></header>\n"
        f"<main><article><h1>{headline}</h1>\n{text}</article></main>\n"
        f"<footer><ul>{aside}</ul><p>© 2024 {outlet}</p></footer></body></html>\n",
        encoding="utf-8",
    )
