from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUploads(FileUploadHandler):
    """Keeps of a file no more than shows that it is too large.

    The rest is read and thrown away, so that whoever takes the file can answer with a
    message: its `size` is then above `settings.MAX_UPLOAD`.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= settings.MAX_UPLOAD else None

    def file_complete(self, file_size):
        return None
