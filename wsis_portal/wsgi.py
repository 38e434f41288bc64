import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # all views are imported now, not while the first reader waits
