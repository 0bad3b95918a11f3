package check_test

import (
	"slices"
	"testing"

	"berth/internal/check"
)

func TestSeveralNotesAreOneSentenceAndNothingElseIsTouched(t *testing.T) {
	warning := check.Finding{Code: "SEC201", Severity: check.Warning, Text: "plain HTTP"}
	info := check.Finding{Code: "COST301", Severity: check.Info, Text: "money"}
	exec, zonal := check.Finding{Code: "SEC209", Severity: check.Note, Text: "long"}, check.Finding{Code: "OPS411", Severity: check.Note, Text: "longer"}
	in := []check.Finding{warning, info, exec, zonal}
	got := check.Fold(in)
	want := []check.Finding{warning, info, {
		Severity: check.Note,
		Text:     "ECS Exec sessions go to no log of the cluster [SEC209]; a NAT gateway for each zone instead of a regional one [OPS411]",
		Fix:      "more with -v, or one by one with berth explain CODE",
	}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(in, []check.Finding{warning, info, exec, zonal}) {
		t.Error("the caller's findings were changed")
	}
	if one := []check.Finding{info, exec}; !slices.Equal(check.Fold(one), one) {
		t.Error("a single note was folded")
	}
}
