"""A report as one HTML file that needs nothing else: styles and pictures are inside, and it prints well."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from openpractice.render import tables
from openpractice.render.document import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Section,
)

_TONES = {"information": "Note", "action": "Next step", "caution": "Take care"}
_PAGE = Markup(
    '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<title>{title}</title>\n<meta name="author" content="{author}">\n<style>\n{style}</style>\n</head>\n<body>\n'
    "<header>\n<h1>{title}</h1>\n{subtitle}<p class=by>{author} · {date}</p>\n</header>\n<main>\n{body}</main>\n"
    "<footer><p>{attribution}</p></footer>\n</body>\n</html>\n"
)


def html(document: Document) -> str:
    """The whole report as a page of its own."""
    subtitle = Markup("<p class=subtitle>{}</p>\n").format(document.subtitle) if document.subtitle else ""
    return _PAGE.format(
        title=document.title,
        author=document.author,
        date=document.date,
        subtitle=subtitle,
        attribution=document.attribution,
        style=Markup(_style()),
        body=Markup("").join(_section(section) for section in document.sections),
    )


def block(content: Block) -> Markup:
    """One block as HTML, for a page that shows a part of a report."""
    return _WRITERS[type(content)](content)


@cache
def _style() -> str:
    return (Path(__file__).parent / "document.css").read_text(encoding="utf-8")


def _section(section: Section) -> Markup:
    blocks = Markup("\n").join(block(content) for content in section.blocks)
    return Markup("<section>\n<h2>{}</h2>\n{}\n</section>\n").format(section.title, blocks)


def _heading(content: Heading) -> Markup:
    # The document's title is h1 and a section's is h2, so a level 2 heading is written as h3.
    tag = Markup(f"h{content.level + 1}")
    return Markup("<{0}>{1}</{0}>").format(tag, content.text)


def _bullets(content: Bullets) -> Markup:
    tag = Markup("ol" if content.numbered else "ul")
    return Markup("<{0}>{1}</{0}>").format(tag, Markup("").join(Markup("<li>{}</li>").format(i) for i in content.items))


def _callout(content: Callout) -> Markup:
    words = (content.kind, _TONES[content.kind], content.title, content.text)
    return Markup('<div class="callout {}"><p><strong>{}: {}</strong></p><p>{}</p></div>').format(*words)


def _figure(content: Figure) -> Markup:
    caption = Markup("<figcaption>{}</figcaption>").format(content.caption) if content.caption else ""
    if 'role="img"' in content.svg[:400]:
        return Markup("<figure>{}{}</figure>").format(Markup(content.svg), caption)
    picture = Markup('<div role="img" aria-label="{}">{}</div>').format(content.alt, Markup(content.svg))
    return Markup("<figure>{}{}</figure>").format(picture, caption)


def _key_figures(content: KeyFigures) -> Markup:
    return Markup("<ul class=key-figures>{}</ul>").format(Markup("").join(_key_figure(f) for f in content.figures))


def _key_figure(figure: KeyFigure) -> Markup:
    note = Markup("<small>{}</small>").format(figure.note) if figure.note else ""
    icon = Markup(figure.icon)
    return Markup("<li>{}<strong>{}</strong><span>{}</span>{}</li>").format(icon, figure.value, figure.label, note)


_WRITERS = {
    Heading: _heading,
    Paragraph: lambda content: Markup("<p>{}</p>").format(content.text),
    Bullets: _bullets,
    Callout: _callout,
    Figure: _figure,
    tables.Table: lambda content: Markup(tables.html(content)),
    PageBreak: lambda content: Markup("<div class=page-break></div>"),
    KeyFigures: _key_figures,
}
