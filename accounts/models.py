from accounts.api_key.models import ApiKey
from accounts.consent.models import Consent, TextVersion
from accounts.notification.models import MailChoice
from accounts.personal_data.models import DataExport, Erasure
from accounts.second_factor.models import FactorReset
from accounts.sign_in.models import SignIn
from accounts.user.models import User, UserManager, validate_time_zone

__all__ = [
    "ApiKey",
    "Consent",
    "DataExport",
    "Erasure",
    "FactorReset",
    "MailChoice",
    "SignIn",
    "TextVersion",
    "User",
    "UserManager",
    "validate_time_zone",
]
