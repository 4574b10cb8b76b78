"""Makes sure of one organisation, one administrator and one API token; reads wishes from stdin, prints the facts."""
import json
import sys

import django

django.setup()

from common.models import Org, PersonalAccessToken, Profile  # noqa: E402
from common.serializer import OrgAwareRefreshToken  # noqa: E402
from common.tasks import set_rls_context  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402

want = json.load(sys.stdin)
User = get_user_model()
user = User.objects.filter(email=want["email"]).first()
if user is None:
    user = User.objects.create_superuser(email=want["email"], password=want["password"])
org = Org.objects.filter(name=want["organisation"]).order_by("created_at").first()
if org is None:
    org = Org.objects.create(name=want["organisation"])
set_rls_context(str(org.id))
profile = Profile.objects.filter(user=user, org=org).first()
if profile is None:
    profile = Profile.objects.create(user=user, org=org)
    profile.role = "ADMIN"
    profile.save()
token = want.get("token")
known = token and PersonalAccessToken.objects.filter(
    token_hash=PersonalAccessToken.hash_token(token), revoked_at=None
).exists()
if not known:
    token, _ = PersonalAccessToken.generate(profile=profile, name="Continuo")
jwt = OrgAwareRefreshToken.for_user_and_org(user, org, profile).access_token
print("FACTS " + json.dumps({"token": token, "jwt": str(jwt), "orgId": str(org.id)}))
