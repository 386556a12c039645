"""All contenders by name."""

from __future__ import annotations

from benchmarks.doctor.contenders.autotrainer import autotrainer
from benchmarks.doctor.contenders.deep_diagnosis import deep_diagnosis
from benchmarks.doctor.contenders.deep_localize import deep_localize
from benchmarks.doctor.contenders.umlaut import umlaut
from benchmarks.doctor.contenders.verdict import Contender

CONTENDERS: dict[str, Contender] = {
    "AUTOTRAINER": autotrainer,
    "UMLAUT": umlaut,
    "DeepDiagnosis": deep_diagnosis,
    "DeepLocalize": deep_localize,
}
