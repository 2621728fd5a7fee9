"""Copying a stream's packets into a file with a clock that only goes forward."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

JUMP_SECONDS = 10.0  # a step back, or this far ahead, is a break in the stream's clock


@dataclass(slots=True)
class Track:
    """One stream's clock: what was written last, and by how much its times are shifted since the last break.

    `raw`: the last time as the source told it, in seconds.
    """

    stream: Stream
    shift: int = 0
    last: int | None = None
    raw: Fraction | None = None

    def place(self, packet: Packet[Stream]) -> bool:
        """Give the packet times that only go forward. False: it has none and is left out."""
        if packet.dts is None or packet.time_base is None:
            return False
        self.raw = Fraction(packet.dts) * packet.time_base
        packet.dts += self.shift
        if self.last is not None:
            jump = Fraction(packet.dts - self.last) * packet.time_base
            if not -1 < jump < JUMP_SECONDS:
                correction = self.last + max(1, packet.duration or 1) - packet.dts
                self.shift += correction
                packet.dts += correction
            packet.dts = max(packet.dts, self.last + 1)
        if packet.pts is not None:
            packet.pts = max(packet.pts + self.shift, packet.dts)
        self.last = packet.dts
        packet.stream = self.stream
        return True
