package plan_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/model"
	"berth/internal/plan"
)

func TestDifferencesAreNamedInTheOrderOfTheSettings(t *testing.T) {
	have := model.VPC{CIDR: "10.0.0.0/16", DNSSupport: false, DNSHostnames: true, Tags: model.NewTags(model.Tag{Key: "old", Value: "x"}, model.Tag{Key: "same", Value: "y"})}
	want := model.VPC{CIDR: "10.1.0.0/16", DNSSupport: true, DNSHostnames: true, Tags: model.NewTags(model.Tag{Key: "new"}, model.Tag{Key: "same", Value: "y"})}
	got := plan.Diff(have, want)
	wanted := []plan.Field{
		{Name: "cidr", From: "10.0.0.0/16", To: "10.1.0.0/16", Replaces: true, Why: "a VPC's first range is for ever"},
		{Name: "dns_support", From: "false", To: "true", Why: "nothing finds anything without DNS"},
		{Name: "tags.new", From: "", To: "", Why: "tags say whose it is"}, // an empty tag is not a missing one
		{Name: "tags.old", From: "x", To: "", Why: "tags say whose it is"},
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("%+v", got)
	}
}

func TestEqualResourcesDoNotDiffer(t *testing.T) {
	set := want(file())
	for r := range set.All() {
		if d := plan.Diff(r, r); d != nil {
			t.Errorf("%s: %v", r.Key(), d)
		}
	}
}

func TestSafetyADifferenceIsFoundExactlyWhereSettingsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := want(files().Draw(t, "one")), want(files().Draw(t, "other"))
		for r := range a.All() {
			other, ok := b.Get(r.Key())
			if !ok {
				continue
			}
			same := fmt.Sprintf("%q", r.Attrs()) == fmt.Sprintf("%q", other.Attrs())
			forth, back := plan.Diff(r, other), plan.Diff(other, r)
			if same != (len(forth) == 0) || len(forth) != len(back) {
				t.Fatalf("%s: %v and back %v", r.Key(), forth, back)
			}
		}
	})
}

func TestTheFingerprintChangesWithEverySettingAndID(t *testing.T) {
	set := want(file())
	have := stands(set)
	seen := map[string]string{plan.Fingerprint(set, have): "nothing"}
	note := func(what string, set model.Set, have model.Inventory) {
		f := plan.Fingerprint(set, have)
		if other, twice := seen[f]; twice {
			t.Errorf("%s changes the fingerprint no more than %s does", what, other)
		}
		seen[f] = what
	}
	vpc := model.VPC{CIDR: "10.0.0.0/16", DNSSupport: true, DNSHostnames: true}
	for what, v := range map[string]model.VPC{
		"a range": {CIDR: "10.2.0.0/16", DNSSupport: true, DNSHostnames: true}, "a truth": {CIDR: vpc.CIDR, DNSHostnames: true},
		"a tag": {CIDR: vpc.CIDR, DNSSupport: true, DNSHostnames: true, Tags: model.NewTags(model.Tag{Key: "x"})},
	} {
		wanted, found := set.Clone(), have.Clone()
		wanted.Put(v)
		found.Add(v, have.Handle(v.Key()))
		note(what+" that is wanted", wanted, have)
		note(what+" that was found", set, found)
	}
	for r := range set.All() {
		k := r.Key()
		other := have.Clone()
		h := other.Handle(k)
		h.ID += " new"
		found, _ := other.Get(k)
		other.Add(found, h)
		note("another id of "+k.String(), set, other)
		less, fewer := set.Clone(), have.Clone()
		less.Delete(k)
		fewer.Remove(k)
		note("no wish for "+k.String(), less, have)
		note("the loss of "+k.String(), set, fewer)
	}
	note("a second VPC", set, second(have, model.VPC{}, "vpc-2"))
}

func TestTheFingerprintDoesNotSeeWhatChangesByItself(t *testing.T) {
	set := want(file())
	have := stands(set)
	want := plan.Fingerprint(set, have)
	later := have.Clone()
	later.At = later.At.Add(time.Hour)
	later.Strays = []model.Stray{{ID: "eni-1", What: "a network interface"}}
	for r := range have.All() {
		later = with(later, r.Key(), model.Pending)
	}
	k := model.GroupKey("default")
	g, _ := model.Find[model.Group](&later.Set, k)
	g.Desired, g.Min, g.DesiredTag, g.Instances = 7, 1, "2", []model.Instance{{ID: "i-1"}}
	later.Add(g, later.Handle(k))
	l, _ := model.Find[model.LaunchTemplate](&later.Set, model.TemplateKey("default"))
	l.LatestVersion, l.DefaultVersion = 9, 8
	h := later.Handle(l.Key())
	h.Version, h.ARN, h.Link, h.Address = 9, "arn", "link", "192.0.2.1"
	later.Add(l, h)
	if got := plan.Fingerprint(set, later); got != want {
		t.Error("it does")
	}
}
