"""Run as a program of its own: PDF on standard input, PNG files into the folder of the first argument.

Prints how many pages the document has. Any trouble ends it: what it was asked to paint is not worth a second try.
"""

import resource
import sys

WIDTH, HEIGHT = 1000, 1500  # pixels that a page is fitted into
LIMITS = {
    resource.RLIMIT_CPU: 8,  # seconds
    resource.RLIMIT_AS: 1024 * 1024 * 1024,
    resource.RLIMIT_FSIZE: 4 * 1024 * 1024,
    resource.RLIMIT_CORE: 0,
}


def main(folder: str, most: int) -> None:
    for what, limit in LIMITS.items():
        resource.setrlimit(what, (limit, limit))
    import pypdfium2  # only now that the limits hold

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    for number in range(min(len(document), most)):
        page = document[number]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
        page.render(scale=scale).to_pil().save(f"{folder}/{number}.png")
    print(len(document))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
