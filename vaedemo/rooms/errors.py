"""What a room refuses, in a sentence for the page."""


class RoomError(Exception):
    """A request that a room refuses; its text is a sentence for a page."""


class NoRoom(RoomError):
    """There is no room of this code here."""


class NotLeading(RoomError):
    """The request needs the lecturer's secret and does not have it."""
