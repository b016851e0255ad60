"""What an upload holds: images, an archive, arrays or a table, told apart by what the files begin with."""

from vaedemo.uploads import archive, array_sets, bodies, pictures, tables
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.bodies import File
from vaedemo.uploads.kinds import IMAGES, described, kind_of
from vaedemo.uploads.members import Member, Sorted, sort
from vaedemo.uploads.words import ACCEPTED, Refused, shown


def decode(body: bytes) -> Decoded:
    """What the body of an upload holds. Raises `Refused` with one sentence, and `MemoryError`."""
    files = bodies.unpack(body)
    if len(files) == 1:
        return decode_one(files[0])
    members = [
        Member(file.name, lambda count, file=file: file.content[:count], lambda file=file: file.content)
        for file in files
    ]
    return decode_sorted("The upload", sort(members), archive.Budget())


def decode_one(file: File) -> Decoded:
    """What a single file holds. Raises `Refused`."""
    kind = kind_of(file.content)
    if kind in IMAGES:
        return pictures.decode([file], [])
    if kind == "npy":
        return array_sets.decode(
            shown(file.name), [Member(file.name, file.content.__getitem__, lambda: file.content)], []
        )
    if kind == "text":
        return tables.decode(file.name, file.content, [])
    if kind == "zip":
        budget = archive.Budget()
        return decode_sorted(shown(file.name), sort(archive.members(file.name, file.content, budget)), budget)
    raise Refused(f"{shown(file.name)} {described(kind)}: {ACCEPTED}.")


def decode_sorted(where: str, found: Sorted, budget: archive.Budget) -> Decoded:
    """What several files hold together. Raises `Refused` if they are not of one kind."""
    inner = [member for member in found.archives if member.name.lower().endswith(".npz")]
    alone = not (found.images or found.arrays or found.tables)
    if found.archives and not (alone and len(found.archives) == len(inner) == 1):
        raise Refused(f"{shown(found.archives[0].name)} is an archive inside the upload: unpack it first.")
    if inner:
        return decode_inner(inner[0], found.notes, budget)
    kinds = [members for members in (found.images, found.arrays, found.tables) if members]
    if not kinds:
        raise Refused(f"{where} holds no file that is used: {ACCEPTED}.")
    if len(kinds) > 1:
        first, second = (shown(members[0].name) for members in kinds[:2])
        raise Refused(f"{where} holds files of several kinds, {first} and {second}: upload them one kind at a time.")
    if found.images:
        return pictures.decode((File(member.name, member.read()) for member in found.images), found.notes)
    if found.arrays:
        return array_sets.decode(where, found.arrays, found.notes)
    if len(found.tables) > 1:
        raise Refused(f"{where} holds {len(found.tables):,} tables: upload one.")
    return tables.decode(found.tables[0].name, found.tables[0].read(), found.notes)


def decode_inner(member: Member, notes: list[str], budget: archive.Budget) -> Decoded:
    """The arrays of the only npz inside an archive. Raises `Refused` for anything else in it."""
    inside = sort(archive.members(member.name, member.read(), budget))
    if inside.images or inside.tables or inside.archives or not inside.arrays:
        raise Refused(f"{shown(member.name)} is an archive inside the upload: unpack it first.")
    return array_sets.decode(shown(member.name), inside.arrays, notes + inside.notes)
