"""Files as an attacker sends them, name → (file name, content, or what makes it)."""

import io
import struct
import tarfile
import zipfile
import zlib

from PIL import Image, PngImagePlugin

from common.files.images import MAX_BYTES as IMAGE_BYTES
from common.files.pdf import MAX_BYTES as PDF_BYTES
from tests.stocktaking.scanner import EICAR

SCRIPT = b"<script>alert(document.cookie)</script>"
HTML = b"<!DOCTYPE html><html><body onload=alert(1)>" + SCRIPT + b"</body></html>"
SVG = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>&x;</text></svg>"""
XXE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>"""
MARK = b"SECRET-CAMERA-4711"  # what must not be left of a picture but its pixels


def picture(kind="PNG", size=(64, 48), mode="RGB", **options):
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **options)
    return target.getvalue()


def told_all():
    """A photograph that tells where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return picture(
        "JPEG", exif=exif, comment=MARK, xmp=b"<x:xmpmeta>" + MARK + b"</x:xmpmeta>"
    )


def told_in_chunks():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARK.decode())
    info.add_itxt("XML:com.adobe.xmp", MARK.decode())
    return picture(pnginfo=info)


def bomb(width, height, colours=2):
    """A PNG that claims a size and holds almost nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def pdf(*objects, head=b"%PDF-1.7\n", tail=b"trailer <</Root 1 0 R>>\n%%EOF\n"):
    """A document of these objects; the first page is there in any case."""
    parts = [
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n",
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n",
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>> endobj\n",
        *(
            b"%d 0 obj %s endobj\n" % (n, body)
            for n, body in enumerate(objects, start=4)
        ),
    ]
    return head + b"".join(parts) + tail


def packed(content, words=b"/Filter /FlateDecode", squeezed=None):
    squeezed = zlib.compress(content, 9) if squeezed is None else squeezed
    head = b"<</Type /ObjStm /N 1 /First 4 %s /Length %d>>\nstream\n" % (
        words,
        len(squeezed),
    )
    return pdf(head + squeezed + b"\nendstream")


def archive(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def many_entries(count=10_000):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for number in range(count):
            made.writestr(str(number), b"")
    return target.getvalue()


def tar():
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as made:
        made.addfile(tarfile.TarInfo("../../etc/cron.d/x"))
    return target.getvalue()


def zip_bomb():
    return archive(zeros=b"\0" * 20_000_000)


def office(**parts):
    return archive(
        **{"[Content_Types].xml": b"<Types/>", "word__document.xml": XXE}, **parts
    )


ACTION = b"<</Type /Action /S %s>>"
GOOD = pdf()

# What is refused: nothing is kept, and the page says why.
REFUSED = {
    "svg with script": ("logo.svg", SVG),
    "svg called png": ("logo.png", SVG),
    "html as pdf": ("report.pdf", HTML),
    "html after the head of a pdf, never ended": ("report.pdf", b"%PDF-1.7\n" + HTML),
    "gif that is a script": ("photo.gif", b"GIF89a=1;alert(1)//"),
    "gif that is a picture": ("photo.gif", picture("GIF") + SCRIPT),
    "zip bomb": ("photo.png", zip_bomb),
    "zip bomb in a zip": ("report.pdf", lambda: archive(inner=zip_bomb())),
    "zip of very many files": ("files.zip", many_entries),
    "tar that climbs": ("files.tar", tar),
    "400 million pixels": ("photo.png", bomb(20_000, 20_000)),
    "pixels beyond the decoder": ("photo.png", bomb(60_000, 60_000)),
    "cut picture": ("photo.jpg", picture("JPEG", size=(300, 300))[:400]),
    "cut document": ("report.pdf", GOOD[:-40]),
    "empty": ("photo.png", b""),
    "picture one byte too large": (
        "photo.png",
        lambda: picture().ljust(IMAGE_BYTES + 1, b"\0"),
    ),
    "document one byte too large": (
        "report.pdf",
        lambda: GOOD[:9] + b"%" * (PDF_BYTES + 1 - len(GOOD)) + GOOD[9:],
    ),
    "docx with macro": ("report.docx", office(word__vbaProject_bin=b"Sub AutoOpen()")),
    "docx with outer entity": ("report.docx", office()),
    "xml with outer entity": ("report.xml", XXE),
    "eicar": ("eicar.com", EICAR),
    "program": ("setup.exe", b"MZ\x90\0" + b"\0" * 200),
    "script file": ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
    "pdf with javascript": (
        "report.pdf",
        pdf(b"<</S /JavaScript /JS (app.alert\\(1\\))>>"),
    ),
    "pdf with javascript, escaped": (
        "report.pdf",
        pdf(b"<</S /J#61va#53cript /JS (x)>>"),
    ),
    "pdf with javascript, packed": (
        "report.pdf",
        packed(b"9 0 <</S /JavaScript /JS (x)>>"),
    ),
    "pdf packed twice": (
        "report.pdf",
        packed(b"", b"/Filter [/ASCIIHexDecode /FlateDecode]", b"00>"),
    ),
    "pdf packed with a predictor": (
        "report.pdf",
        packed(b"x", b"/Filter /FlateDecode /DecodeParms <</Predictor 12>>"),
    ),
    "pdf packed under another name": (
        "report.pdf",
        packed(b"9 0 <</S /JavaScript>>").replace(b"/ObjStm", b"/Obj#53tm"),
    ),
    "pdf packed under no name": (
        "report.pdf",
        packed(b"9 0 <</S /JavaScript>>").replace(b"/Type /ObjStm ", b""),
    ),
    "pdf bomb": ("report.pdf", lambda: packed(b"\0" * 70_000_000)),
    "pdf that starts a program": ("report.pdf", pdf(ACTION % b"/Launch")),
    "pdf with a file in it": ("report.pdf", pdf(b"<</Type /EmbeddedFile /Length 0>>")),
    "pdf that sends forms": ("report.pdf", pdf(ACTION % b"/SubmitForm")),
    "pdf with an xml form": ("report.pdf", pdf(b"<</XFA [(template) 5 0 R]>>")),
    "pdf that nobody can read": (
        "report.pdf",
        pdf(tail=b"trailer <</Root 1 0 R /Encrypt 9 0 R>>\n%%EOF"),
    ),
}

# What is kept, once it is harmless: as pixels, or as a download under a name of ours.
HARMLESS = {
    "png and html at once": ("photo.png", picture() + HTML),
    "jpeg and zip at once": ("photo.jpg", picture("JPEG") + archive(x=SCRIPT)),
    "picture that tells all": ("photo.jpg", told_all()),
    "picture with words in chunks": ("photo.png", told_in_chunks()),
    "picture with a virus behind it": ("photo.png", picture() + EICAR),
    "picture called html": ("photo.html", picture()),
    "pdf and html at once": ("report.html", pdf(head=b"%PDF-1.7\n" + HTML)),
    "pdf and zip at once": ("report.pdf", GOOD + archive(x=SCRIPT)),
    "name that climbs": ("../../../etc/passwd", GOOD),
    "name with a null": ("report.pdf\0.html", GOOD),
    "name that reads backwards": ("report\u202efdp.exe", GOOD),
    "name of 600 letters": ("x" * 600 + ".pdf", GOOD),
}
