"""Files in a form, while the request lasts: in memory, and what is large on the disk without a name.

Django gives such a file a name, under which it stays for ever when the server is killed; and it may hold NHS numbers.
"""

from __future__ import annotations

import tempfile

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class Nameless(TemporaryUploadedFile):
    """A file that is gone as soon as nobody has it open, however that comes about."""

    def __init__(self, name, content_type, size, charset, content_type_extra=None):
        file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  (the request closes it)
        UploadedFile.__init__(self, file, name, content_type, size, charset, content_type_extra)

    def temporary_file_path(self):
        raise ValueError("This file has no name.")

    def close(self):
        return self.file.close()


class NamelessFiles(TemporaryFileUploadHandler):
    """Puts files there that do not fit into memory."""

    def new_file(self, *arguments, **named):
        FileUploadHandler.new_file(self, *arguments, **named)
        self.file = Nameless(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def upload_interrupted(self):
        if hasattr(self, "file"):
            self.file.close()
