"""YAZ's own reader and writer of messages, called as a library: the judge of bytes that no tool of YAZ would send.

In: the bytes of one message. Out: the bytes that YAZ writes after it has read them, None when it cannot read them.
"""

import ctypes
from ctypes import byref, c_char_p, c_int, c_void_p
from ctypes.util import find_library

from tests.support.peers import missing

_DECODE, _ENCODE = 0, 1


def library() -> ctypes.CDLL:
    """Load libyaz, or skip naming the Debian package that brings it."""
    name = find_library("yaz")
    if name is None:
        missing("libyaz is not installed (Debian package libyaz5, or yaz)")
    yaz = ctypes.CDLL(name)
    yaz.odr_createmem.restype = c_void_p
    yaz.odr_createmem.argtypes = [c_int]
    yaz.odr_setbuf.argtypes = [c_void_p, c_char_p, c_int, c_int]
    yaz.odr_getbuf.restype = c_void_p
    yaz.odr_getbuf.argtypes = [c_void_p, c_void_p, c_void_p]
    yaz.odr_destroy.argtypes = [c_void_p]
    yaz.z_APDU.argtypes = [c_void_p, c_void_p, c_int, c_char_p]
    return yaz


def rewritten(yaz: ctypes.CDLL, frame: bytes) -> bytes | None:
    """Let YAZ read a message and write it again."""
    reader, writer = yaz.odr_createmem(_DECODE), yaz.odr_createmem(_ENCODE)
    message, size = c_void_p(), c_int()
    try:
        yaz.odr_setbuf(reader, frame, len(frame), 0)
        if not yaz.z_APDU(reader, byref(message), 0, None) or not yaz.z_APDU(writer, byref(message), 0, None):
            return None
        return ctypes.string_at(yaz.odr_getbuf(writer, byref(size), None), size.value)
    finally:
        yaz.odr_destroy(reader)
        yaz.odr_destroy(writer)
