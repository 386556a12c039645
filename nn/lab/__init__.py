"""The bug lab: documented bugs of backpropagation, and the checks that find them."""

from nn.lab.notebook_check import GradientReport, check_gradient

__all__ = ["GradientReport", "check_gradient"]
