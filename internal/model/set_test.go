package model_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func keysOf(s *model.Set) []model.Key {
	var out []model.Key
	for r := range s.All() {
		out = append(out, r.Key())
	}
	return out
}

func TestTheZeroSetIsEmptyAndReady(t *testing.T) {
	var s model.Set
	if _, ok := s.Get(model.VPCKey()); ok || s.Len() != 0 || s.Has(model.VPCKey()) || len(keysOf(&s)) != 0 {
		t.Error("it holds something")
	}
	s.Delete(model.VPCKey())
	s.Put(model.VPC{CIDR: "10.0.0.0/16"})
	if s.Len() != 1 || !s.Has(model.VPCKey()) {
		t.Error("it takes nothing")
	}
}

func TestOfTwoResourcesWithOneKeyTheLaterWins(t *testing.T) {
	s := model.NewSet(model.VPC{CIDR: "10.0.0.0/16"}, model.Cluster{}, model.VPC{CIDR: "10.1.0.0/16"})
	v, ok := model.Find[model.VPC](&s, model.VPCKey())
	if s.Len() != 2 || !ok || v.CIDR != "10.1.0.0/16" {
		t.Error(s.Len(), v, ok)
	}
}

func TestFindAnswersOnlyWithTheRightType(t *testing.T) {
	s := model.NewSet(model.VPC{CIDR: "10.0.0.0/16"}, model.Duplicate{Resource: model.VPC{}, ID: "vpc-2"})
	if _, ok := model.Find[model.Subnet](&s, model.VPCKey()); ok {
		t.Error("a VPC passes for a subnet")
	}
	if _, ok := model.Find[model.VPC](&s, model.Key{Kind: model.KindVPC, Name: "#vpc-2"}); ok {
		t.Error("a duplicate passes for the thing itself")
	}
	if _, ok := model.Find[model.VPC](&s, model.ClusterKey()); ok {
		t.Error("what is not there is found")
	}
}

func TestEveryWalksOneTypeInOrderAndCanBeStopped(t *testing.T) {
	s := model.NewSet(
		model.Subnet{Tier: model.Public, Zone: "b"}, model.VPC{}, model.Subnet{Tier: model.Private, Zone: "c"},
		model.Duplicate{Resource: model.Subnet{Tier: model.Private, Zone: "c"}, ID: "subnet-2"}, model.Subnet{Tier: model.Private, Zone: "a"},
	)
	var seen []string
	for subnet := range model.Every[model.Subnet](&s) {
		seen = append(seen, string(subnet.Tier)+"/"+subnet.Zone)
	}
	if got := strings.Join(seen, " "); got != "private/a private/c public/b" {
		t.Error(got)
	}
	for range model.Every[model.Subnet](&s) {
		seen = seen[:0]
		break
	}
	if len(seen) != 0 {
		t.Error("the walk went on")
	}
}

func TestACloneOfASetIsIndependent(t *testing.T) {
	s := model.NewSet(model.VPC{}, model.Cluster{})
	c := s.Clone()
	c.Put(model.Bucket{})
	c.Put(model.VPC{CIDR: "10.9.0.0/16"})
	c.Delete(model.ClusterKey())
	v, _ := model.Find[model.VPC](&s, model.VPCKey())
	if s.Len() != 2 || v.CIDR != "" || !s.Has(model.ClusterKey()) || s.Has(model.BucketKey()) {
		t.Error("the clone's changes show in the original")
	}
}

// things draws small resources whose keys often meet.
func things() *rapid.Generator[model.Resource] {
	return rapid.Custom(func(t *rapid.T) model.Resource {
		name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			return model.VPC{CIDR: name}
		case 1:
			return model.Subnet{Tier: model.Public, Zone: name}
		case 2:
			return model.Group{Group: name}
		case 3:
			return model.Capacity{Group: name}
		case 4:
			return model.Duplicate{Resource: model.VPC{}, ID: name}
		default:
			return model.LogGroup{File: name}
		}
	})
}

func TestSafetyASetIsAMapInTheOrderOfItsKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s model.Set
		reference := map[model.Key]model.Resource{}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			r := things().Draw(t, "resource")
			if rapid.Bool().Draw(t, "deleted") {
				s.Delete(r.Key())
				delete(reference, r.Key())
				continue
			}
			s.Put(r)
			reference[r.Key()] = r
		}
		all := keysOf(&s)
		if len(all) != len(reference) || s.Len() != len(reference) || !slices.IsSortedFunc(all, model.CompareKeys) {
			t.Fatal(all)
		}
		for k, want := range reference {
			if got, ok := s.Get(k); !ok || !reflect.DeepEqual(got, want) {
				t.Fatal(k, got)
			}
		}
		if again := model.NewSet(slices.Collect(s.All())...); !slices.Equal(keysOf(&again), all) {
			t.Fatal("the same resources make another set")
		}
	})
}

func saved(t *testing.T, s model.Set) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryKindComesBackFromJSONAsItWas(t *testing.T) {
	for _, empty := range everyKind() {
		full := filled(empty)
		for _, r := range []model.Resource{full, empty, model.Duplicate{Resource: full, ID: "id-2"}} {
			s := model.NewSet(r)
			var back model.Set
			if err := json.Unmarshal([]byte(saved(t, s)), &back); err != nil {
				t.Errorf("%T: %v", r, err)
			}
			if !reflect.DeepEqual(back, s) {
				t.Errorf("%T is read back as %s", r, saved(t, back))
			}
		}
	}
}

func TestAWholeSetComesBackFromJSONInOrder(t *testing.T) {
	var s model.Set
	for _, r := range everyKind() {
		s.Put(filled(r))
		s.Put(model.Duplicate{Resource: filled(r), ID: "id-2"})
	}
	back := model.NewSet(model.Bucket{Name: "what was there before goes"}, model.Group{Group: "gone"})
	if err := json.Unmarshal([]byte(saved(t, s)), &back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(back, s) || back.Len() != 2*len(everyKind()) {
		t.Error(saved(t, back))
	}
}

func TestAnEmptySetIsAnEmptyList(t *testing.T) {
	if got := saved(t, model.Set{}); got != "[]" {
		t.Error(got)
	}
}

func TestJSONThatIsNoSetIsRefused(t *testing.T) {
	for _, c := range [][2]string{
		{`{}`, "cannot unmarshal"},
		{`[{"kind":"spaceship","resource":{}}]`, `no kind of resource is called "spaceship"`},
		{`[{"kind":"foreign","resource":{"Name":"vpc-0abc"}}]`, `"foreign"`},
		{`[{"kind":"vpc","resource":[]}]`, "cannot unmarshal"},
		{`[{"kind":"vpc","resource":{"CIDR":5}}]`, "cannot unmarshal"},
		{`[{"kind":"vpc","duplicate":7,"resource":{}}]`, "cannot unmarshal"},
		{`[{"kind":"vpc","resource":{"CIDR":"10.0.0.0/16"}`, "unexpected end"},
	} {
		var s model.Set
		if err := json.Unmarshal([]byte(c[0]), &s); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", c[0], err)
		}
	}
}
