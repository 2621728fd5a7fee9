"""eSpeak NG in processes of its own: a program without Magpie, `python -I -S child.py FOLDER`.

FOLDER is the package `espeakng_loader`, which holds the library and its data. Orders come as lines of JSON on stdin:
`{"voice", "text", "into"}`; each is spoken by a fork that has spoken nothing before (only the first speech of a process
is the same, byte for byte, every time), into the WAV file `into` and the file `into` + `.json`
(`{"rate", "samples", "marks": [[character, sample], …], "ends": [sample, …]}`). The answer is a line with an exit code.

It ends when nobody has asked for a while, and when stdin does.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import struct
import sys

IDLE_SECONDS = 15.0
MEMORY = 1 << 30  # bytes
SECONDS = 120  # of the processor, for one text
UNKNOWN_VOICE, FAILED = 3, 4
SYSTEM = 64  # and the number of the system's error: the file cannot be written

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS, _NO_EXIT = 2, 0x8000
_UTF8 = 1  # neither 0x10 (SSML) nor 0x100 (phonemes in brackets): every character is text
_AT_CHARACTER = 1
_LIST_END, _WORD, _CLAUSE_END = 0, 1, 5


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def _library() -> tuple[ctypes.CDLL, int]:
    """The library, ready, and its sampling rate. The data's path is short: the library keeps 160 characters of it."""
    name = next(one for one in sorted(os.listdir(".")) if one.endswith((".so", ".dylib", ".dll")))  # noqa: PTH208
    library = ctypes.CDLL(os.path.abspath(name))  # noqa: PTH100  pathlib takes time to load
    return library, library.espeak_Initialize(_SYNCHRONOUS, 0, b"espeak-ng-data", _NO_EXIT)


def _speak(library: ctypes.CDLL, rate: int, order: dict[str, str]) -> int:
    if library.espeak_SetVoiceByName(order["voice"].encode()) != 0:
        return UNKNOWN_VOICE
    sound = bytearray()
    marks: list[tuple[int, int]] = []
    ends: list[int] = []

    def take(samples: object, count: int, events: object) -> int:
        if count > 0:
            sound.extend(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        at = 0
        while (event := events[at]).type != _LIST_END:  # type: ignore[index]
            if event.type == _WORD:
                marks.append((event.text_position - 1, event.sample))
            elif event.type == _CLAUSE_END:
                ends.append(event.sample)
            at += 1
        return 0

    library.espeak_ng_SetRandSeed(
        ctypes.c_long(1)
    )  # the noise of breathy voices: else it is of the second of the start
    callback = _Callback(take)
    library.espeak_SetSynthCallback(callback)
    text = order["text"].encode("utf-8", errors="replace")
    if library.espeak_Synth(text, len(text) + 1, 0, _AT_CHARACTER, 0, _UTF8, None, None) != 0:
        return FAILED
    facts = {"rate": rate, "samples": len(sound) // 2, "marks": marks, "ends": ends}
    size = len(sound)
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16)
    form = struct.pack("<HHIIHH4sI", 1, 1, rate, rate * 2, 2, 16, b"data", size)
    _write(order["into"], head + form + sound)
    _write(order["into"] + ".json", json.dumps(facts).encode())
    return 0


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123  pathlib takes time to load
        file.write(data)


def _in_fork(library: ctypes.CDLL, rate: int, order: dict[str, str]) -> int:
    child = os.fork()
    if child == 0:
        code = FAILED
        with contextlib.suppress(BaseException):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            try:
                code = _speak(library, rate, order)
            except OSError as error:
                code = SYSTEM + (error.errno or 0)
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    library, rate = _library()
    rest = b""
    while True:
        while b"\n" not in rest:
            if not select.select([0], [], [], IDLE_SECONDS)[0]:
                return
            data = os.read(0, 1 << 16)
            if not data:
                return
            rest += data
        line, _, rest = rest.partition(b"\n")
        code = _in_fork(library, rate, json.loads(line)) if rate > 0 else FAILED
        os.write(1, b"%d\n" % code)


if __name__ == "__main__":
    main(sys.argv[1])
