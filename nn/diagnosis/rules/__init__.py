"""The rules of a diagnosis, one small class for each code of a finding."""
