"""Write all texts that are rendered from the code and from tools/rendering: render_docs.py [--check]

With --check nothing is written, and the status is 1 if a file is stale.
"""

import sys

from rendering import credentials, event_source, language, profile_pages, profiles, returns, schema, tables
from rendering.files import CHECKOUT

RENDERERS = (credentials, event_source, language, profile_pages, profiles, returns, schema, tables)


def main(*arguments: str) -> int:
    stale = []
    for renderer in RENDERERS:
        for path, text in renderer.texts().items():
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(path.relative_to(CHECKOUT))
                if "--check" not in arguments:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} is stale; run: make render" if "--check" in arguments else f"{path} written")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
