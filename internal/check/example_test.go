package check_test

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/model"
)

const threeZones = "../../examples/ecs.tfvars"

// theExample loads examples/ecs.tfvars as people do: without any other source.
func theExample(t *testing.T) *config.Config {
	t.Helper()
	c, faults := config.Load(config.Sources{Files: []string{threeZones}})
	if len(faults) > 0 {
		t.Fatalf("faults:\n%s", faults)
	}
	return c
}

func TestTheExampleIsHighlyAvailable(t *testing.T) {
	c := theExample(t)
	facts := plain(c)
	if err := check.Refuse(c, facts); err != nil {
		t.Fatal(err)
	}
	all := check.All(look(t, c, facts, model.Inventory{}))
	if errs := codes(all, check.Error); len(errs) > 0 {
		t.Errorf("errors: %v", errs)
	}
	if warnings := codes(all, check.Warning); !slices.Equal(warnings, []string{"SEC201"}) {
		t.Errorf("warnings %v, want SEC201 alone", warnings)
	}
	for _, f := range all {
		if f.Code[:2] == "HA" {
			t.Errorf("%s: %s", f.Code, f.Text)
		}
	}
}

func TestTheExampleMakesWhatItsCommentsSay(t *testing.T) {
	c := theExample(t)
	in := look(t, c, plain(c), model.Inventory{})
	count := map[model.Kind]int{}
	for r := range in.Want.All() {
		count[r.Key().Kind]++
	}
	for kind, want := range map[model.Kind]int{
		model.KindVPC: 1, model.KindSubnet: 6, model.KindNATGateway: 3, model.KindElasticIP: 3, model.KindLoadBalancer: 2,
		model.KindClassic: 1, model.KindGroup: 3, model.KindProvider: 3, model.KindTemplate: 3, model.KindSecret: 2, model.KindCluster: 1,
	} {
		if count[kind] != want {
			t.Errorf("%d %s, want %d", count[kind], kind, want)
		}
	}
	batch, _ := model.Find[model.Group](&in.Want, model.GroupKey("batch"))
	if !batch.Spot || len(batch.InstanceTypes)*len(c.Zones) != 12 || len(batch.Classic) > 0 {
		t.Errorf("batch is %+v", batch)
	}
	capacity, _ := model.Find[model.Capacity](&in.Want, model.CapacityKey("batch"))
	if capacity.Min != 0 || capacity.Desired != 0 {
		t.Errorf("batch starts with %d to %d instances", capacity.Min, capacity.Desired)
	}
	public, _ := model.Find[model.Subnet](&in.Want, model.SubnetKey(model.Public, "eu-west-1a"))
	private, _ := model.Find[model.Subnet](&in.Want, model.SubnetKey(model.Private, "eu-west-1a"))
	if public.CIDR != "10.20.0.0/24" || private.CIDR != "10.20.50.0/24" {
		t.Errorf("subnets %s and %s", public.CIDR, private.CIDR)
	}
}

func TestTheExampleEndsWithANewlineAndHasNoTabsOrBlanksAtLineEnds(t *testing.T) {
	text, err := os.ReadFile(threeZones)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(text, []byte("}\n")) || bytes.ContainsAny(text, "\t\r") || bytes.Contains(text, []byte(" \n")) {
		t.Error("editors and terraform fmt would change it")
	}
}
