"""Arabic news pages of our own making, each built in another way that real pages are built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FLOOD = (
    "غمرت مياه الأمطار الغزيرة أحياء واسعة من مدينة الساحل ليلة الثلاثاء، واضطرت فرق الإنقاذ إلى إجلاء نحو أربعمئة أسرة من بيوتها.",
    "وقال محافظ المدينة سالم الحداد إن منسوب النهر ارتفع ثلاثة أمتار في ست ساعات، وإن المدارس ستبقى مغلقة حتى يوم الأحد.",
    "وأضاف في مؤتمر صحفي: “لم نسجل وفيات حتى الآن، لكن أحد عشر شخصا نقلوا إلى المستشفى بإصابات طفيفة”.",
    "وذكرت هيئة الأرصاد أن كمية الأمطار بلغت 112 ملم، وهي أعلى كمية تسجل في شهر أكتوبر منذ 37 عاما.",
)
TRADE = (
    "وقعت الحكومتان في العاصمة اتفاقا يخفض الرسوم الجمركية على 240 سلعة زراعية ابتداء من مطلع العام المقبل.",
    "وأوضح وزير التجارة أن حجم التبادل بين البلدين وصل إلى 3.4 مليار دولار في الأشهر التسعة الأولى من السنة.",
    "ونفت الوزارة ما تردد عن استثناء القمح من الاتفاق، مؤكدة أن النص المنشور هو النص الكامل.",
    "ويرى خبراء أن الأثر سيظهر في أسعار الفواكه والخضروات قبل غيرها، لأنها تشكل أكثر من نصف الواردات.",
)


@dataclass(frozen=True)
class Sample:
    """A page with what should be read from it."""

    name: str
    body: bytes
    content_type: str
    title: str
    text: str
    published: str
    authors: tuple[str, ...] = ()


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def _page(head: str, body: str, lang: str = ' lang="ar" dir="rtl"') -> str:
    menu = '<nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li><li><a href="/e">اقتصاد</a></li></ul></nav>'
    foot = "<footer><p>جميع الحقوق محفوظة © صحيفة الميناء</p><p>تابعونا على فيسبوك</p></footer>"
    return f"<!doctype html><html{lang}><head>{head}</head><body>{menu}{body}{foot}</body></html>"


def _json_ld() -> Sample:
    title = "سيول تغمر أحياء في مدينة الساحل"
    head = f"""<title>{title} | صحيفة الميناء</title><meta property="og:site_name" content="صحيفة الميناء">
    <script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebSite","name":"صحيفة الميناء"}},
    {{"@type":"NewsArticle","headline":"{title}","datePublished":"2024-10-09T21:15:00+03:00",
    "dateModified":"2024-10-11T08:00:00+03:00","author":{{"@type":"Person","name":"هدى القاسم"}},}}]}}</script>"""
    body = f"<article><h1>{title}</h1>{_paragraphs(FLOOD)}</article>"
    return Sample(
        "json_ld_with_broken_comma",
        _page(head, body).encode(),
        "text/html; charset=utf-8",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
        ("هدى القاسم",),
    )


def _dual_date() -> Sample:
    title = "اتفاق على خفض الرسوم بين البلدين"
    body = f"""<div class="story"><h1>{title}</h1><div class="article-date">الأربعاء، 16 أكتوبر/ تشرين الأول 2024</div>
    <div class="story-body">{_paragraphs(TRADE)}</div></div>"""
    return Sample(
        "dual_month_in_text",
        _page(f"<title>{title} - الميناء</title>", body).encode(),
        "text/html",
        title,
        "\n".join(TRADE),
        "2024-10-16",
    )


def _windows() -> Sample:
    title = "سيول تغمر مدينة الساحل وإجلاء مئات الأسر"
    head = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1256"><title>{title}</title><meta name="date" content="2024-10-09">'
    body = f"<table><tr><td class=content><h1>{title}</h1>{_paragraphs(FLOOD)}</td></tr></table>"
    return Sample(
        "windows_1256_in_a_table",
        _page(head, body).encode("cp1256"),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


def _undeclared() -> Sample:
    title = "خفض الرسوم على مئات السلع"
    body = f"<div id=content><h1>{title}</h1><time class='published' datetime='2024-10-16'>16/10/2024</time>{_paragraphs(TRADE)}</div>"
    return Sample(
        "windows_1256_nowhere_declared",
        _page(f"<title>{title}</title>", body, "").encode("cp1256"),
        "text/html",
        title,
        "\n".join(TRADE),
        "2024-10-16",
    )


def _related() -> Sample:
    title = "الأمطار تغلق المدارس في الساحل"
    links = "".join(
        f'<li><a href="/{n}">خبر آخر رقم {n} لا علاقة له بما في هذه الصفحة</a></li>' for n in range(6)
    )
    boxes = f'<div class="related-box"><h3>أخبار ذات صلة</h3><ul>{links}</ul></div>'
    body = f"""<main><h1>{title}</h1><span class="publish-date">٩ أكتوبر ٢٠٢٤</span><article>{_paragraphs(FLOOD[:2])}{boxes}
    <p>اقرأ أيضا: <a href="/x">ارتفاع أسعار الخضروات في الأسواق المحلية</a></p>{_paragraphs(FLOOD[2:])}</article>
    <aside class="most-read"><h3>الأكثر قراءة</h3><ul>{links}</ul></aside></main>"""
    return Sample(
        "related_links_inside",
        _page(f"<title>{title} | الميناء</title>", body).encode(),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


def _divs() -> Sample:
    title = "وزير التجارة: الاتفاق يشمل القمح"
    lines = "<br><br>".join(TRADE)
    head = f'<title>{title}</title><meta property="article:published_time" content="2024-10-16T10:00:00Z"><meta property="og:updated_time" content="2024-10-20T10:00:00Z">'
    body = f'<div class="wrap"><div class="head"><h1>{title}</h1></div><div class="entry-content">{lines}</div></div>'
    return Sample(
        "breaks_instead_of_paragraphs",
        _page(head, body).encode(),
        "text/html",
        title,
        "\n".join(TRADE),
        "2024-10-16",
    )


def _levant() -> Sample:
    title = "فيضانات في الساحل وإجلاء أربعمئة أسرة"
    body = f"""<div class="post"><h1>{title}</h1><p class="meta">نشر في: 9 تشرين الأول 2024 - آخر تحديث: 12 تشرين الأول 2024</p>
    <div class="post-body">{_paragraphs(FLOOD)}</div><div class="share-buttons"><a href="#">شارك</a> <a href="#">غرد</a></div></div>"""
    return Sample(
        "levantine_month",
        _page(f"<title>{title} :: الميناء</title>", body).encode(),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


def _bidi() -> Sample:
    title = "اتفاق تجاري بقيمة 3.4 مليار دولار"
    marked = tuple("\u200f" + text.replace("، ", "،\u00a0") for text in TRADE)
    head = f'<title>{title}</title><meta itemprop="datePublished" content="2024-10-16">'
    body = f"<article><h1>\u202b{title}\u202c</h1>{_paragraphs(marked)}</article>"
    return Sample(
        "direction_marks",
        _page(head, body).encode("utf-16"),
        "text/html; charset=utf-16",
        title,
        "\n".join(TRADE),
        "2024-10-16",
    )


def _figures() -> Sample:
    title = "النهر يرتفع ثلاثة أمتار في ست ساعات"
    figure = "<figure><img src=a.jpg alt=x><figcaption>صورة أرشيفية لضفة النهر (وكالات)</figcaption></figure>"
    letter = '<div class="newsletter-signup"><h4>النشرة البريدية</h4><p>اشترك في نشرتنا ليصلك أهم الأخبار كل صباح على بريدك.</p></div>'
    body = (
        f"<article><h1>{title}</h1>{figure}{_paragraphs(FLOOD[:3])}{letter}{_paragraphs(FLOOD[3:])}</article>"
    )
    url_dated = f"<title>{title} | الميناء</title>"
    return Sample(
        "captions_and_newsletter",
        _page(url_dated, body).encode(),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


def _og_only() -> Sample:
    title = "تبادل تجاري يتجاوز ثلاثة مليارات"
    head = f"""<title>الميناء - {title}</title><meta property="og:title" content="{title}"><meta property="og:site_name" content="الميناء">
    <meta name="pubdate" content="Wed, 16 Oct 2024 09:00:00 GMT"><meta name="author" content="بقلم: كريم النجار">"""
    body = f'<section class="article-body">{_paragraphs(TRADE)}</section><section class="comments"><p>تعليق قارئ: خبر جيد لكن الأسعار ما زالت مرتفعة عندنا.</p></section>'
    return Sample(
        "title_only_in_the_head",
        _page(head, body).encode(),
        "text/html",
        title,
        "\n".join(TRADE),
        "2024-10-16",
        ("كريم النجار",),
    )


def _late_meta() -> Sample:
    title = "الأرصاد: أعلى كمية أمطار منذ 37 عاما"
    head = f"<script>{'var a=1;' * 200}</script><meta charset=windows-1256><title>{title}</title>"
    facts = "<tr><th>المنطقة</th><th>الكمية</th></tr><tr><td>الساحل</td><td>112 ملم</td></tr><tr><td>الجبل</td><td>64 ملم</td></tr>"
    body = f"""<article><h1>{title}</h1><p class=byline>كتب: سمير حداد | <time datetime="2024-10-09">الأربعاء 9 أكتوبر</time></p>
    {_paragraphs(FLOOD)}<aside class="more-stories"><p>تفاصيل أخرى عن الطقس في الأسبوع المقبل تجدونها في صفحاتنا الخاصة.</p></aside></article>
    <table class="widget weather">{facts}</table>"""
    return Sample(
        "charset_told_late_with_a_table_beside",
        _page(head, body).encode("cp1256"),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


def _data_table() -> Sample:
    title = "جدول الرسوم الجديدة بين البلدين"
    facts = "<tr><th>السلعة</th><th>الرسم السابق</th><th>الرسم الجديد</th></tr><tr><td>التفاح</td><td>12 في المئة</td><td>4 في المئة</td></tr><tr><td>البصل</td><td>8 في المئة</td><td>صفر في المئة</td></tr>"
    told = "السلعة | الرسم السابق | الرسم الجديد |\nالتفاح | 12 في المئة | 4 في المئة |\nالبصل | 8 في المئة | صفر في المئة |"
    body = f"""<div class="post"><h1>{title}</h1><div class="post-date">نُشر الأربعاء 13 ربيع الآخر 1446 هـ الموافق 16 أكتوبر 2024</div>
    <div class="post-content">{_paragraphs(TRADE[:2])}<table>{facts}</table>{_paragraphs(TRADE[2:])}</div>
    <ul class="tags"><li><a href="/t/1">تجارة</a></li><li><a href="/t/2">زراعة</a></li></ul></div>"""
    return Sample(
        "data_table_and_hijri_date",
        _page(
            f"<title>{title} – صحيفة الميناء</title><meta property='og:site_name' content='صحيفة الميناء'>",
            body,
        ).encode(),
        "text/html",
        title,
        "\n".join((*TRADE[:2], told, *TRADE[2:])),
        "2024-10-16",
    )


def _embeds() -> Sample:
    title = "محافظ الساحل: المدارس مغلقة حتى الأحد"
    tweet = '<blockquote class="twitter-tweet"><p>شاهدوا المياه في شارعنا الآن! #الساحل</p>&mdash; ساكن (@sakin) <a href="https://social.example/1">9 أكتوبر 2024</a></blockquote>'
    quote = f"<blockquote>{FLOOD[2]}</blockquote>"
    head = f"""<title>{title} | الميناء</title><meta property="article:modified_time" content="2024-10-13T10:00:00+03:00">
    <meta property="article:published_time" content="2024-10-09T23:40:00+03:00">"""
    body = f"""<main><article><h1>{title}</h1><div class="author-box"><p>سعاد فارس مراسلة الميناء في الساحل منذ عام 2010.</p></div>
    {_paragraphs(FLOOD[:2])}{tweet}{quote}<p>شاهد أيضا: <a href="/v/1">لقطات من الجو للمدينة بعد السيول</a></p>{_paragraphs(FLOOD[3:])}
    <div class="live-ticker-teaser"><p>تغطية مباشرة: تابعوا آخر التطورات لحظة بلحظة على صفحتنا.</p></div></article></main>"""
    return Sample(
        "embedded_post_and_quotation",
        _page(head, body).encode(),
        "text/html",
        title,
        "\n".join(FLOOD),
        "2024-10-09",
    )


_BUILDERS: tuple[Callable[[], Sample], ...] = (
    _json_ld, _dual_date, _windows, _undeclared, _related, _divs, _levant, _bidi, _figures, _og_only,
    _late_meta, _data_table, _embeds,
)  # fmt: skip
SAMPLES = tuple(build() for build in _BUILDERS)
