"""The bug lab: experiments with documented bugs."""
