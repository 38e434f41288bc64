"""The page of figures, and of the documents of the roadmap."""

import itertools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from roadmap.document.models import Document
from roadmap.figure.models import Figure


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Figures of one subject side by side, and the reports of the roadmap."""
    rows = Figure.objects.side_by_side()
    subjects = dict(Figure.Subject.choices)
    by_subject = itertools.groupby(rows, key=lambda figure: figure.subject)
    order = list(subjects)
    groups = sorted(
        (
            (subjects[subject], list(group), order.index(subject))
            for subject, group in by_subject
        ),
        key=lambda group: group[2],
    )
    context = {"groups": groups, "documents": Document.objects.for_list()[:200]}
    return render(request, "roadmap/figure/figures.html", context)
