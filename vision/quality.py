"""How good a face is: its size, sharpness and pose, and what is wrong with it as a reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vision import thresholds


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How well a face can serve as a reference: its height in pixels, sharpness, turn aside and tilt (degrees)."""

    height_px: int
    sharpness: float
    yaw: float
    roll: float

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What is wrong with it as a reference and what to do, one sentence each; none where it is good enough."""
        return tuple(self._judge())

    def _judge(self) -> Iterator[str]:
        limits = thresholds.REFERENCE
        if self.height_px < limits.height_px:
            yield (
                f"The face is only {self.height_px} pixels high and must be {limits.height_px}: "
                "take the photo from nearer, or send the original file."
            )
        if self.sharpness < limits.sharpness:
            yield "The face is blurred: hold the camera still, in good light, and take the photo again."
        if self.yaw > limits.yaw:
            yield "The face is turned aside: look into the camera."
        if abs(self.roll) > limits.roll:
            yield "The head is tilted, or the photo lies on its side: hold the head straight, or turn the photo."
