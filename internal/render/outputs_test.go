package render

import (
	"slices"
	"strings"
	"testing"
)

func TestOutputsReadAsBefore(t *testing.T) {
	for name, file := range map[string]string{"original": original, "shop": shop} {
		v := wanted(t, file)
		v.stand()
		golden(t, "outputs/"+name+".txt", OutputsText(Outputs(v)))
		b, err := OutputsJSON(Outputs(v))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "outputs/"+name+".json", string(b))
	}
}

func TestOutputsAreSortedAndNamedForShells(t *testing.T) {
	v := wanted(t, shop)
	v.stand()
	var names []string
	for _, o := range Outputs(v) {
		names = append(names, o.Name)
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("names: %q", names)
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.ContainsAny(n, "-/ .") }); i >= 0 {
		t.Errorf("%q needs quotes", names[i])
	}
}

func TestWhatDoesNotStandIsNoOutput(t *testing.T) {
	got := OutputsText(Outputs(wanted(t, original)))
	if want := "account_id = 123456789012\nenvironment = acc\nregion = eu-west-1\n"; got != want {
		t.Errorf("got:\n%s", got)
	}
}
