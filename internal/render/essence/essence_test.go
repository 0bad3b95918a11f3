package essence

import (
	"testing"

	"berth/internal/model"
)

func TestVolumesAndPurchasesAreToldWhereTheyDiffer(t *testing.T) {
	for want, r := range map[string]model.Resource{
		"m7i.large, ami-1": model.LaunchTemplate{Content: model.Launch{InstanceType: "m7i.large", AMI: "ami-1", Volume: model.Volume{Type: "gp3", GiB: 30}}},
		"m7i.large, ami-1, 100 GiB of gp3 with 6000 IOPS": model.LaunchTemplate{Content: model.Launch{InstanceType: "m7i.large", AMI: "ami-1", Volume: model.Volume{Type: "gp3", GiB: 100, IOPS: 6000}}},
		"m7i.large, ami-1, 30 GiB of gp2":                 model.LaunchTemplate{Content: model.Launch{InstanceType: "m7i.large", AMI: "ami-1", Volume: model.Volume{Type: "gp2", GiB: 30}}},
		"acc_acc_default_0123abcd":                        model.KeyPair{Name: "acc_acc_default_0123abcd"},
		"m7i.large, 2 On-Demand, else spot, at most 4":    model.Group{InstanceTypes: []string{"m7i.large"}, Spot: true, OnDemandBase: 2, Max: 4},
		"m7i.large, spot, at most 4":                      model.Group{InstanceTypes: []string{"m7i.large"}, Spot: true, Max: 4},
		"m7i.large, 25 % On-Demand, else spot, at most 4": model.Group{InstanceTypes: []string{"m7i.large"}, Spot: true, OnDemandPercentage: 25, Max: 4},
		"m7i.large, at most 4":                            model.Group{InstanceTypes: []string{"m7i.large"}, OnDemandPercentage: 100, Max: 4},
	} {
		if got := Of(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestASecretIsToldByWhomItIsFor(t *testing.T) {
	got := Of(model.Secret{Name: "acc/registry", Username: "robot", Value: model.CurrentValue})
	if want := "acc/registry, for robot"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestKindsAreCountedInTheirOrder(t *testing.T) {
	keys := []model.Key{model.SubnetKey(model.Private, "b"), model.VPCKey(), model.SubnetKey(model.Public, "a")}
	if got, want := Kinds(keys), "vpc, subnet ×2"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
