"""What a file is by the bytes that it begins with, whatever its name ends in.

A file is read as what its beginning says or refused, never as two things: what a second reader would find behind the
end of an image is not looked for.
"""

IMAGES = ("PNG", "JPEG")
ARCHIVES = ("zip", "gzip", "bzip2", "xz", "7z", "rar", "tar", "zstd")
LOOKED_AT = 512  # bytes; tar's mark is the last, at 257
TAR_MARK_AT = 257

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x93NUMPY", "npy"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"\x80\x02", "pickle"),
    (b"\x80\x03", "pickle"),
    (b"\x80\x04", "pickle"),
    (b"\x80\x05", "pickle"),
    (b"\x89HDF", "HDF5"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)

DESCRIPTIONS = {
    "empty": "is empty",
    "text": "is a text",
    "markup": "is a page or a drawing in HTML, SVG or XML",
    "UTF-16": "is a text in UTF-16 and not in UTF-8",
    "pickle": "holds Python objects, which are not opened",
    "unknown": "is of a kind that is not known",
}


def described(kind: str) -> str:
    """What a file of this kind is, to follow its name in a sentence: "is a GIF file"."""
    return DESCRIPTIONS.get(kind, f"is a {kind} file")


def kind_of(content: bytes) -> str:
    """The kind of a file: a name from the table above, "markup", "text", "empty" or "unknown"."""
    start = content[:LOOKED_AT]
    if not start:
        return "empty"
    for beginning, kind in BEGINNINGS:
        if start.startswith(beginning) and not (kind == "BMP" and is_text(start)):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP"
    if start[4:8] == b"ftyp":
        return "HEIC or video"
    if start[TAR_MARK_AT : TAR_MARK_AT + 5] == b"ustar":
        return "tar"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":  # HTML, SVG and other XML
        return "markup"
    return "text" if is_text(start) else "unknown"


def is_text(start: bytes) -> bool:
    """Whether these bytes can be the beginning of a text: no control characters but tabs and ends of lines."""
    return not any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in start)
