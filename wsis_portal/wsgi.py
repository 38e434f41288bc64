import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from wsis_portal.requests.capacity import Limiter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsis_portal.settings")
os.environ.setdefault(
    "WSIS_PROCESS", "web"
)  # how patient it is with the database (settings.py)
application = Limiter(get_wsgi_application())
_ = (
    get_resolver().url_patterns
)  # import all views now, not while the first reader waits
