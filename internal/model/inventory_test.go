package model_test

import (
	"slices"
	"testing"

	"berth/internal/model"
)

func TestAnInventoryKnowsHowAWSNamesThings(t *testing.T) {
	var inv model.Inventory
	inv.Add(model.VPC{}, model.Handle{ID: "vpc-1", Status: model.Pending})
	if got := inv.Handle(model.VPCKey()); got.ID != "vpc-1" || got.Status != model.Pending || inv.ID(model.VPCKey()) != "vpc-1" {
		t.Error(got)
	}
	inv.Add(model.VPC{CIDR: "10.0.0.0/16"}, model.Handle{ID: "vpc-2"})
	if v, _ := model.Find[model.VPC](&inv.Set, model.VPCKey()); v.CIDR != "10.0.0.0/16" || inv.ID(model.VPCKey()) != "vpc-2" || inv.Len() != 1 {
		t.Error("the second find did not take the first one's place")
	}
}

func TestWhatIsNotThereHasTheZeroHandle(t *testing.T) {
	var inv model.Inventory
	if inv.Handle(model.VPCKey()) != (model.Handle{}) || inv.ID(model.VPCKey()) != "" {
		t.Error("an empty inventory names something")
	}
	inv.Remove(model.VPCKey())
	inv.Add(model.VPC{}, model.Handle{ID: "vpc-1"})
	inv.Remove(model.VPCKey())
	if inv.Has(model.VPCKey()) || inv.Handle(model.VPCKey()) != (model.Handle{}) {
		t.Error("what was removed is still known")
	}
}

func TestAForeignKeyCarriesItsID(t *testing.T) {
	var inv model.Inventory
	if got := inv.ID(model.Foreign("nat-0abc")); got != "nat-0abc" {
		t.Error(got)
	}
}

func TestACloneOfAnInventoryIsIndependent(t *testing.T) {
	var old model.Inventory
	old.Strays = append(make([]model.Stray, 0, 4), model.Stray{ID: "one"}) // room behind it
	old.Add(model.VPC{}, model.Handle{ID: "vpc-1"})
	old.Add(model.Cluster{}, model.Handle{ID: "shop"})

	c := old.Clone()
	c.Add(model.VPC{CIDR: "10.9.0.0/16"}, model.Handle{ID: "vpc-9"})
	c.Add(model.Bucket{}, model.Handle{ID: "bucket"})
	c.Remove(model.ClusterKey())
	c.Strays[0].ID = "other"
	c.Strays = append(c.Strays, model.Stray{ID: "of the clone"})
	mine := append(old.Strays, model.Stray{ID: "of the original"})

	if old.ID(model.VPCKey()) != "vpc-1" || !old.Has(model.ClusterKey()) || old.Has(model.BucketKey()) || old.ID(model.ClusterKey()) != "shop" || old.Len() != 2 {
		t.Error("the clone's resources show in the original")
	}
	if old.Strays[0].ID != "one" || c.Strays[1].ID != "of the clone" || mine[1].ID != "of the original" {
		t.Error("the strays are shared:", old.Strays, c.Strays)
	}
}

func TestACloneOfAnEmptyInventoryTakesResources(t *testing.T) {
	var old model.Inventory
	c := old.Clone()
	c.Add(model.VPC{}, model.Handle{ID: "vpc-1"})
	if c.ID(model.VPCKey()) != "vpc-1" || old.Len() != 0 {
		t.Error(c.ID(model.VPCKey()), old.Len())
	}
}

func TestStatesReadAsWords(t *testing.T) {
	for s, want := range map[model.Status]string{model.Ready: "ready", model.Pending: "pending", model.Leaving: "leaving", model.Failed: "failed"} {
		if s.String() != want {
			t.Errorf("%d is %q", s, s)
		}
	}
	if (model.Handle{}).Status != model.Ready {
		t.Error("what says nothing of its state is not ready")
	}
}

func TestADuplicateFitsBesideTheThingItself(t *testing.T) {
	var inv model.Inventory
	inv.Add(model.Subnet{Tier: model.Public, Zone: "a"}, model.Handle{ID: "subnet-1"})
	inv.Add(model.Duplicate{Resource: model.Subnet{Tier: model.Public, Zone: "a"}, ID: "subnet-2"}, model.Handle{ID: "subnet-2"})
	inv.Add(model.Duplicate{Resource: model.Subnet{Tier: model.Public, Zone: "a"}, ID: "subnet-3"}, model.Handle{ID: "subnet-3"})
	inv.Add(model.Duplicate{Resource: model.VPC{}, ID: "vpc-2"}, model.Handle{ID: "vpc-2"})
	var got []string
	for r := range inv.All() {
		got = append(got, r.Key().String()+"="+inv.ID(r.Key()))
		if model.ParseKey(r.Key().String()) != r.Key() {
			t.Errorf("%s is read back as %s", r.Key(), model.ParseKey(r.Key().String()))
		}
	}
	want := []string{"vpc.#vpc-2=vpc-2", "subnet.public/a=subnet-1", "subnet.public/a#subnet-2=subnet-2", "subnet.public/a#subnet-3=subnet-3"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestADuplicateRefersToWhatItsResourceDoesButNotToItself(t *testing.T) {
	twin := model.Key{Kind: model.KindSecurityGroup, Name: "instances/a#sg-2"}
	d := model.Duplicate{ID: "sg-2", Resource: model.SecurityGroup{
		Role: "instances/a", VPC: model.VPCKey(), Ingress: []model.Rule{{Protocol: "-1", Group: twin}, {Protocol: "-1", Group: model.BalancerGroupKey("")}},
	}}
	if got := d.Refs(); d.Key() != twin || !slices.Equal(got, []model.Key{model.VPCKey(), model.BalancerGroupKey("")}) {
		t.Error(d.Key(), got)
	}
	if len(d.Attrs()) == 0 {
		t.Error("it has lost its settings")
	}
}
