"""Addresses of signing in and of one's own page. The two account_… names are allauth's to find."""

from django.urls import URLPattern, URLResolver, include, path

from linli.people.views import handing, keys, me, posts, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in_page, name="account_login"),
    path("sign-in/code/", sign_in.code_page, name="sign-in-code"),
    path("sign-in/as/<slug:name>/", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("me/", me.me, name="me"),
    path("me/sessions/end/", me.leave_everywhere, name="leave-everywhere"),
    path("me/keys/webauthn/add/", keys.add_key, name="mfa_add_webauthn"),
    path("me/keys/totp/activate/", keys.add_app, name="mfa_activate_totp"),
    path("me/keys/", include("allauth.mfa.urls")),
    path("me/asked/", handing.be_asked, name="be-asked"),
    path("invitations/<uuid:invitation_id>/", handing.invitation, name="invitation"),
    path("posts/", posts.unit_posts_page, name="posts"),
    path("posts/<int:post_id>/", posts.post_page, name="post"),
    path(
        "posts/invitations/<uuid:invitation_id>/confirmation/", posts.confirm, name="post-confirm"
    ),
    path("posts/invitations/<uuid:invitation_id>/end/", posts.take_back, name="post-take-back"),
    path("posts/held/<int:row_id>/end/", posts.end, name="post-end"),
    path("posts/held/<int:row_id>/handover/", handing.hand_over, name="hand-over"),
    path("handovers/<uuid:handover_id>/", handing.handover, name="handover"),
    path("cannot-come/", handing.cannot_come, name="cannot-come"),
    path("stand-in/<uuid:ask_id>/", handing.stand_in, name="stand-in"),
    path("acting/", me.acting_page, name="acting"),
]
