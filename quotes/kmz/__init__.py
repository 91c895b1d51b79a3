"""The guarded reader of KMZ cable routes: hostile bytes in, plain geometry and plain text out.

Pure Python: knows nothing of Django, the operator or storage, opens no file and no connection. What a refused
file did wrong is a code of `errors.CODES`; the sentence a person reads is in `quotes/forms/kmz_words.py`.
"""

from .errors import CODES, KmzError
from .reader import read_kmz
from .trace import NOTES, Placemark, Trace

__all__ = ["CODES", "NOTES", "KmzError", "Placemark", "Trace", "read_kmz"]
