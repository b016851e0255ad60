"""What a browser prints: the sheets of a PDF as Chromium writes it, with their links and with what is stretched on
them."""

import math
import re
import zlib
from dataclasses import dataclass

from playwright.sync_api import Page

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
LINK = re.compile(rb"/Rect \[([\d. ]+)\].*?/URI \((.*?)\)", re.DOTALL)
NUMBER = r"-?[\d.]+"
# A matrix, and the picture that is drawn with it, if one is.
MATRIX = re.compile(
    rf"({NUMBER}) ({NUMBER}) ({NUMBER}) ({NUMBER}) {NUMBER} {NUMBER} cm\n(?:(?:[^\n]* (?:rg|gs)\n)*/(X\d+) Do)?"
)
POINTS = 0.75  # of a CSS pixel
SLACK = 0.02


@dataclass(frozen=True)
class Sheet:
    """One printed page. `height` in points; `links`: address and the distance of its upper edge from the page's upper
    edge, in points; `content`: what is drawn; `stretched`: the scales (across, down) of what has lost its shape."""

    height: float
    links: list[tuple[str, float]]
    content: str
    stretched: list[tuple[float, float]]


def printed(page: Page) -> list[Sheet]:
    """The sheets of A4 that the browser prints of a page."""
    file = page.pdf(format="A4", prefer_css_page_size=True)
    objects = {int(number): body for number, body in OBJECT.findall(file)}
    sheets = [body for body in objects.values() if re.match(rb"<</Type /Page\s", body)]
    return [sheet(body, objects) for body in sheets]


def sheet(body: bytes, objects: dict[int, bytes]) -> Sheet:
    height = float(re.search(rb"/MediaBox \[0 0 [\d.]+ ([\d.]+)\]", body)[1])
    listed = re.search(rb"/Annots \[(.*?)\]", body, re.DOTALL)
    links = []
    for number in re.findall(rb"(\d+) 0 R", listed[1]) if listed else ():
        for rectangle, address in LINK.findall(objects[int(number)]):
            links.append((address.decode(), height - float(rectangle.split()[3])))
    content, stretched = drawn(body, int(re.search(rb"/Contents (\d+) 0 R", body)[1]), objects)
    return Sheet(height, links, content, stretched)


def drawn(body: bytes, contents: int, objects: dict[int, bytes]) -> tuple[str, list[tuple[float, float]]]:
    """What a page or a group on it draws, and the scales of whatever is stretched there."""
    about, stream = objects[contents].split(b"stream\n", 1)
    stream = stream.split(b"\nendstream")[0]
    # A few bytes are not worth a filter to the browser.
    text = (zlib.decompress(stream) if b"/FlateDecode" in about else stream).decode("latin-1")
    named = {name.decode(): int(number) for name, number in re.findall(rb"/(X\d+) (\d+) 0 R", body.split(b"stream")[0])}
    everything, stretched = [text], []
    for a, b, c, d, name in MATRIX.findall(text):
        across, down = math.hypot(float(a), float(b)), math.hypot(float(c), float(d))
        picture = objects[named[name]] if name else b""
        if b"/Subtype /Image" in picture:  # its matrix is the size at which it is drawn
            across /= int(re.search(rb"/Width (\d+)", picture)[1])
            down /= int(re.search(rb"/Height (\d+)", picture)[1])
        if abs(across / down - 1) > SLACK:
            stretched.append((across, down))
    for name in re.findall(r"/(X\d+) Do", text):
        if b"/Subtype /Form" in objects[named[name]]:
            inside = drawn(objects[named[name]], named[name], objects)
            everything.append(inside[0])
            stretched += inside[1]
    return "\n".join(everything), stretched
