"""Projects as JSON: who sees what, what can be written, and the error messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from common.api.serializers import KnownFields, ModelSerializer
from common.moves.actors import AnyUser
from common.moves.workflow import NOTE_MAX_LENGTH
from common.records.models import Change
from reference.names import vocabulary
from stocktaking.base.workflow import Status
from stocktaking.file.models import Attachment, files_of
from stocktaking.project.fields import (
    FIELDS,
    LISTS,
    LONG_FIELDS,
    PRIVATE,
    PUBLIC,
    TEXT_FIELDS,
)
from stocktaking.project.models import Project
from stocktaking.project.period import YEAR_VALIDATORS
from stocktaking.project.workflow import PROJECT_WORKFLOW
from stocktaking.text.models import ProjectText

CODES_AT_MOST = 60  # more than any vocabulary that takes several values has
SHORT_FIELDS = tuple(
    name for name in PUBLIC if name not in (*LONG_FIELDS, "attachments")
)
# Fields that hold codes, and the vocabulary that names them.
VOCABULARIES = {field.name: field.vocabulary for field in FIELDS if field.vocabulary}
VOCABULARIES["region"] = "region"


class CodeField(serializers.CharField):
    """A code of a vocabulary; refused with the same message as in the form."""

    default_error_messages = {
        "unknown": forms.ModelChoiceField.default_error_messages["invalid_choice"]
    }

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(required=False, allow_null=True, **options)

    def to_internal_value(self, data: Any) -> str:
        code = super().to_internal_value(data)
        if code not in vocabulary.labels(self.kind):
            self.fail("unknown")
        return code


class CodesField(serializers.ListField):
    """Codes of one vocabulary, in its order; written as a whole."""

    default_error_messages = {
        "unknown": forms.ModelMultipleChoiceField.default_error_messages[
            "invalid_choice"
        ],
        "too_many": _("At most 60 values."),
    }

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(child=serializers.CharField(), required=False, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        if isinstance(data, list) and len(data) > CODES_AT_MOST:
            self.fail("too_many")
        codes = super().to_internal_value(data)
        labels = vocabulary.labels(self.kind)
        for code in codes:
            if code not in labels:
                message = self.error_messages["unknown"] % {"value": code[:60]}
                raise serializers.ValidationError(message, code="unknown")
        return codes

    def get_attribute(self, project: Project) -> Any:
        """The codes from `with_codes()`, else those of the related rows."""
        codes = getattr(project, f"{self.field_name}_codes", None)
        if codes is None:
            codes = [term.pk for term in getattr(project, str(self.field_name)).all()]
        return codes

    def to_representation(self, codes: list[str]) -> list[str]:
        """In the order of the vocabulary."""
        chosen = set(codes)
        return [code for code in vocabulary.labels(self.kind) if code in chosen]


class YearField(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, allow_null=True, validators=list(YEAR_VALIDATORS), **options
        )


class ProjectRow(ModelSerializer):
    """A project as lists show it: codes, with their names in the language of `?lang=`."""

    number = serializers.CharField(read_only=True)
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()
    image = serializers.SerializerMethodField()
    activity_type = CodeField("activity_type", source="activity_type_id")
    organization: serializers.Field = serializers.PrimaryKeyRelatedField(
        read_only=True,
        allow_null=True,
        help_text="Id of the organization on the authority list.",
    )
    organization_country = CodeField(
        "country",
        source="organization_country_id",
        help_text="Of the organization, where it is not that of the project.",
    )
    stakeholder_type = CodeField("stakeholder_type", source="stakeholder_type_id")
    country = CodeField("country", source="country_id")
    region = serializers.SerializerMethodField()
    coverage = CodeField("coverage", source="coverage_id")
    start_year = YearField(
        help_text="The year of `start_date`; written, it forgets the rest."
    )
    end_year = YearField(
        help_text="The year of `end_date`; written, it forgets the rest."
    )
    main_action_line = CodeField("action_line", source="main_action_line_id")
    other_action_lines = CodesField("action_line")
    sdgs = CodesField("sdg")
    target_groups = CodesField("target_group")
    technologies = CodesField("technology")
    names = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields = [
            "id",
            "number",
            "url",
            "page",
            "version",
            *SHORT_FIELDS,
            "region",
            "start_year",
            "end_year",
            "published_at",
            "updated_at",
            "names",
        ]
        read_only_fields = [
            "version",
            "status",
            "image_alt",
            "year",
            "external_id",
            "prize_editions",
            "published_at",
            "updated_at",
        ]

    def get_url(self, project: Project) -> str:
        """Address of this record in the API."""
        return reverse(
            "api:project-detail", [project.pk], request=self.context["request"]
        )

    def get_page(self, project: Project) -> str:
        """Address of the page for people."""
        return self.context["request"].build_absolute_uri(project.get_absolute_url())

    def get_image(self, project: Project) -> str | None:
        if not project.image:
            return None
        return self.context["request"].build_absolute_uri(project.image_url)

    def get_region(self, project: Project) -> str | None:
        """ITU region of the country."""
        return vocabulary.region_of(project.country_id) if project.country_id else None

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_names(self, project: Project) -> dict[str, Any]:
        return {}

    def to_representation(self, project: Project) -> dict[str, Any]:
        row = super().to_representation(project)
        for name, kind in VOCABULARIES.items():
            codes = row[name]
            if isinstance(codes, list):
                row["names"][name] = [vocabulary.label(kind, code) for code in codes]
            elif codes:
                row["names"][name] = vocabulary.label(kind, codes)
        return row


class AttachmentRow(serializers.Serializer):
    """A file of a project: an image as WebP, or a PDF document, which is sent as a download."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    title = serializers.CharField()
    alt = serializers.CharField(help_text="What the image shows.")
    url = serializers.URLField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class ProjectTextRow(serializers.ModelSerializer):
    """What a project says in another language; `human` ones are approved by the secretariat."""

    older_than_original = serializers.BooleanField(source="is_older")

    class Meta:
        model = ProjectText
        fields = [
            "language",
            "kind",
            "engine",
            *TEXT_FIELDS,
            "based_on",
            "older_than_original",
            "approved_at",
            "updated_at",
        ]
        read_only_fields = fields


class ProjectRecord(ProjectRow):
    """A whole project; contact data only for its owner and the secretariat."""

    attachments = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()
    submit = serializers.BooleanField(
        write_only=True,
        required=False,
        default=False,
        help_text="Submit at once, not a draft.",
    )

    class Meta(ProjectRow.Meta):
        fields = [
            *ProjectRow.Meta.fields,
            "attachments",
            "reviewed_at",
            *LONG_FIELDS,
            "texts",
            *PRIVATE,
            "submit",
        ]
        read_only_fields = [
            *ProjectRow.Meta.read_only_fields,
            "reviewed_at",
            "source",
            "source_note",
        ]

    @extend_schema_field(AttachmentRow(many=True))
    def get_attachments(self, project: Project) -> list[dict[str, Any]]:
        """Images and PDF documents, in the order of the project."""
        absolute = self.context["request"].build_absolute_uri
        return [
            {
                "id": file.attachment.pk,
                "kind": file.attachment.kind,
                "title": file.title,
                "alt": file.alt,
                "url": absolute(file.attachment.get_absolute_url()),
                "size": file.attachment.size,
                "sha256": file.attachment.sha256,
            }
            for file in files_of(project)
            if file.attachment.is_served
        ]

    def to_representation(self, project: Project) -> dict[str, Any]:
        record = super().to_representation(project)
        if not self._is_of(project, self.context["request"].user):
            for name in PRIVATE:
                del record[name]
        return record

    @staticmethod
    def _is_of(project: Project, user: AnyUser) -> bool:
        """Whether this person sees what is not public: the secretariat, and the people of the
        project."""
        if not user.is_authenticated:
            return False
        return user.is_secretariat or project.is_written_by(user)

    @extend_schema_field(ProjectTextRow(many=True))
    def get_texts(self, project: Project) -> list[dict[str, Any]]:
        """Public texts in other languages; the original is the record itself."""
        public = project.texts.public() if project.version else project.texts.none()
        return list(ProjectTextRow(public.order_by("language", "kind"), many=True).data)

    def create(self, values: dict[str, Any]) -> Project:
        """Create a draft of the person who asks; submit it if requested and complete."""
        user, submit = self.context["request"].user, values.pop("submit")
        lists = {name: values.pop(name) for name in LISTS if name in values}
        project = Project.objects.create(owner=user, **values)
        self._set_lists(project, lists)
        return project.move("submit", user) if submit else project

    def update(self, project: Project, values: dict[str, Any]) -> Project:
        user, submit = self.context["request"].user, values.pop("submit", False)
        lists = {name: values.pop(name) for name in LISTS if name in values}
        for name, value in values.items():
            setattr(project, name, value)
        project.save()
        self._set_lists(project, lists)
        if project.status == Status.PUBLISHED:
            project.record_change(Change.Kind.UPDATE, by=user)
        return project.move("submit", user) if submit else project

    @staticmethod
    def _set_lists(project: Project, lists: dict[str, list[str]]) -> None:
        for name, codes in lists.items():
            getattr(project, name).set(codes)


class MoveRow(serializers.Serializer):
    """A move that is open to the person who asks."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field called label
    target = serializers.CharField()
    needs_note = serializers.BooleanField()


class MoveRequest(KnownFields):
    move = serializers.ChoiceField(
        choices=[(m.name, m.label) for m in PROJECT_WORKFLOW]
    )
    note = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=NOTE_MAX_LENGTH
    )
