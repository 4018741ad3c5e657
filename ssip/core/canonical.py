"""One way to write a JSON document as bytes: what is hashed, compared, merged and exported.

Keys sorted, no white space, UTF-8, text in Unicode's composed form (NFC), line ends as \\n.
Numbers are whole: a fraction has more than one spelling, so it is stored as text.
"""

import hashlib
import json
import unicodedata
from typing import Any

_NO_ONE_SPELLING = "Only text, whole numbers, true, false, null, lists and objects have a canonical form, not {}."


def canonical(document: Any) -> bytes:
    """The document's one spelling. Raises TypeError for a value that has several."""
    return json.dumps(_plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(document: Any) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    raise TypeError(_NO_ONE_SPELLING.format(type(value).__name__))
