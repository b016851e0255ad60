"""The clinic's records as the lesson uses them: loaded once, and what is measured on their last frame."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from vaedemo import settings
from vaedemo.clinic import digits, diseases, records
from vaedemo.clinic.diseases import BY_PATIENT, Disease
from vaedemo.clinic.records import Record


def record(name: str) -> Record:
    """A record of the clinic. Raises what `records.load` raises."""
    return kept(name, settings.current().clinic)


@lru_cache(maxsize=len(diseases.RECORDS))
def kept(name: str, folder: Path) -> Record:
    """`record`, kept for the clinic's folder."""
    return records.load(name)


def sick(patient: int) -> Record:
    return record(BY_PATIENT[patient].folder)


def healthy(patient: int) -> Record:
    """The record of the program that differs from the patient's in one line."""
    return record(BY_PATIENT[patient].twin)


def disease(values) -> Disease:
    """The disease of the patient in a view."""
    return BY_PATIENT[values["patient"]]


def mean_image() -> float:
    return digits.mean_image_loss()


@lru_cache(maxsize=len(diseases.RECORDS))
def variety(shown: Record) -> float:
    """How much a record's last decoded images differ: the standard deviation of a pixel over the images, mean over
    pixels, in grey levels from 0 to 1. Kept, because reading a frame unpacks its whole film."""
    images = shown.film[-1].images.astype(np.float64) / 255
    return float(images.std(axis=0).mean())
