"""Tokens, and the learner whom they stand for."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from knox.auth import TokenAuthentication
from knox.models import get_token_model
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from lingo.api.serializers import LoginSerializer, MeSerializer, TokenSerializer
from lingo.api.throttling import LoginThrottle


class LoginView(APIView):
    """Give a token for a username and a password."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(request=LoginSerializer, responses=TokenSerializer)
    def post(self, request):
        sent = LoginSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        learner = authenticate(request, **sent.validated_data)
        if learner is None:
            raise ValidationError({"password": ["No such username and password."]})
        made, token = get_token_model().objects.create(learner)
        return Response({"token": token, "expiry": made.expiry})


class LogoutView(APIView):
    """Forget the token that the request comes with."""

    authentication_classes = [TokenAuthentication]

    @extend_schema(request=None, responses={204: None})
    def post(self, request):
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutAllView(APIView):
    """Forget all tokens of the learner."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request):
        request.user.auth_token_set.all().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(generics.RetrieveUpdateAPIView):
    """The learner who is signed in."""

    serializer_class = MeSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self):
        return self.request.user
