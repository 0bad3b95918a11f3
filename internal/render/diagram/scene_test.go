package diagram

import (
	"fmt"
	"reflect"
	"testing"

	"berth/internal/model"
)

// zoned is a scene with that many zones, each with its own NAT gateway.
func zoned(n int) Scene {
	s := Scene{
		Environment: "acc", Cluster: "acc", Region: "eu-west-1", Account: "123456789012", VPC: "10.0.0.0/16", Gateway: true, S3: true,
		Insights: "enhanced", Logs: Logs{Count: 6, Days: 30, Prefix: "acc"},
		Balancers: []Balancer{{Name: "acc-acc", Ports: "HTTP 80"}},
		Groups:    []Group{{Name: "default", Types: []string{"t2.micro"}, Min: 1, Max: 4, Provider: "acc_acc_default", Instances: map[string]int{}}},
	}
	for i := range n {
		z := "eu-west-1" + string(rune('a'+i))
		s.Zones = append(s.Zones, Zone{
			Name: z, ID: fmt.Sprintf("euw1-az%d", i+1), Public: fmt.Sprintf("10.0.%d.0/24", i), Private: fmt.Sprintf("10.0.%d.0/24", 50+i),
			NAT: true, Address: fmt.Sprintf("203.0.113.%d", 10+i), Exit: z,
		})
		s.Groups[0].Instances[z] = 1
	}
	return s
}

// shop is three zones behind one NAT gateway, with several groups and every sort of load balancer.
func shop() Scene {
	s := zoned(3)
	s.Environment, s.Cluster = "prod", "shop"
	for i := range s.Zones[1:] {
		z := &s.Zones[i+1]
		z.NAT, z.Address, z.Exit = false, "", s.Zones[0].Name
	}
	a, b, c := s.Zones[0].Name, s.Zones[1].Name, s.Zones[2].Name
	s.Balancers = []Balancer{
		{Name: "prod-shop-public", Ports: "HTTP 80, HTTPS 443"},
		{Name: "prod-shop-internal", Internal: true, Ports: "HTTP 80"},
		{Name: "prod-shop-legacy", Classic: true, Ports: "HTTP 80 → 8080", Groups: []string{"default"}},
	}
	s.Groups = []Group{
		{Name: "default", Types: []string{"m7i.large"}, Min: 3, Max: 12, Provider: "p", Instances: map[string]int{a: 2, b: 2, c: 2}},
		{Name: "batch", Types: []string{"c7g.large", "c6g.large"}, Spot: true, Max: 60, Provider: "p", Instances: map[string]int{a: 14, b: 13}},
		{Name: "gpu", Types: []string{"g5.xlarge"}, Max: 2, Provider: "p", Instances: map[string]int{}},
	}
	return s
}

// set is a cluster of two zones in resources.
func set() model.Set {
	s := model.NewSet(
		model.VPC{CIDR: "10.0.0.0/16"}, model.InternetGateway{}, model.Endpoint{Service: "s3"}, model.Cluster{Name: "acc", Insights: "enabled"},
		model.LogGroup{File: "/var/log/messages", Name: "p/var/log/messages", Days: 30},
		model.NATGateway{Zone: "eu-west-1a", Address: model.ElasticIPKey("eu-west-1a")},
		model.LoadBalancer{Name: "acc-acc", Scheme: "internet-facing"},
		model.Listener{Port: 80, Protocol: "HTTP"}, model.Listener{Port: 443, Protocol: "HTTPS"},
		model.ClassicLoadBalancer{Balancer: "legacy", Name: "acc-acc-legacy", Scheme: "internal", Protocol: "HTTP", Port: 80, InstancePort: 8080},
		model.Group{Group: "default", InstanceTypes: []string{"t2.micro"}, Max: 4, Classic: []model.Key{model.ClassicKey("legacy")}},
		model.Group{Group: "batch", InstanceTypes: []string{"c7g.large"}, Max: 9, Spot: true},
		model.Capacity{Group: "default", Min: 1, Desired: 3}, model.Provider{Group: "default", Name: "acc_acc_default"},
	)
	for i, z := range []string{"eu-west-1a", "eu-west-1b"} {
		s.Put(model.Subnet{Tier: model.Public, Zone: z, CIDR: fmt.Sprintf("10.0.%d.0/24", i)})
		s.Put(model.Subnet{Tier: model.Private, Zone: z, CIDR: fmt.Sprintf("10.0.%d.0/24", 50+i)})
		s.Put(model.Route{Tier: model.Private, Zone: z, Target: model.NATGatewayKey("eu-west-1a")})
		s.Put(model.Route{Tier: model.Public, Zone: z, Target: model.InternetGatewayKey()})
	}
	return s
}

func scope() model.Facts {
	return model.Facts{
		Scope: model.Scope{Account: "123456789012", Region: "eu-west-1", Environment: "acc", Cluster: "acc"},
		Zones: []model.Zone{{Name: "eu-west-1a", ID: "euw1-az3"}},
	}
}

func TestSceneOfNothingShowsWhatIsWanted(t *testing.T) {
	got := Of(set(), model.Inventory{}, scope())
	want := Scene{
		Environment: "acc", Cluster: "acc", Region: "eu-west-1", Account: "123456789012", Planned: true, VPC: "10.0.0.0/16",
		Gateway: true, S3: true, Insights: "enabled", Logs: Logs{Count: 1, Days: 30, Prefix: "p"},
		Zones: []Zone{
			{Name: "eu-west-1a", ID: "euw1-az3", Public: "10.0.0.0/24", Private: "10.0.50.0/24", NAT: true, Exit: "eu-west-1a"},
			{Name: "eu-west-1b", Public: "10.0.1.0/24", Private: "10.0.51.0/24", Exit: "eu-west-1a"},
		},
		Balancers: []Balancer{
			{Name: "acc-acc", Ports: "HTTPS 443, HTTP 80"},
			{Name: "acc-acc-legacy", Classic: true, Internal: true, Ports: "HTTP 80 → 8080", Groups: []string{"default"}},
		},
		Groups: []Group{
			{Name: "batch", Types: []string{"c7g.large"}, Spot: true, Max: 9, Instances: map[string]int{}},
			{Name: "default", Types: []string{"t2.micro"}, Min: 1, Max: 4, Provider: "acc_acc_default", Instances: map[string]int{"eu-west-1a": 2, "eu-west-1b": 1}},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got:\n%+v\nwant:\n%+v", got, want)
	}
}

func TestSceneShowsWhatStandsAndNotWhatIsWanted(t *testing.T) {
	var have model.Inventory
	have.Add(model.VPC{CIDR: "10.9.0.0/16"}, model.Handle{ID: "vpc-1"})
	have.Add(model.Subnet{Tier: model.Private, Zone: "eu-west-1b", CIDR: "10.9.1.0/24"}, model.Handle{})
	have.Add(model.Subnet{Tier: model.Public, Zone: "eu-west-1b", CIDR: "10.9.2.0/24"}, model.Handle{})
	have.Add(model.NATGateway{Zone: "eu-west-1b", Address: model.ElasticIPKey("eu-west-1b")}, model.Handle{})
	have.Add(model.ElasticIP{Zone: "eu-west-1b"}, model.Handle{Address: "203.0.113.7"})
	have.Add(model.Capacity{Group: "default", Desired: 5}, model.Handle{})
	have.Add(model.Group{Group: "default", Max: 5, Instances: []model.Instance{{ID: "i-1", Zone: "eu-west-1b"}}}, model.Handle{})
	got := Of(set(), have, scope())
	if got.Planned || got.VPC != "10.9.0.0/16" || len(got.Balancers) != 0 || got.S3 || got.Gateway {
		t.Errorf("scene: %+v", got)
	}
	zone := Zone{Name: "eu-west-1b", Public: "10.9.2.0/24", Private: "10.9.1.0/24", NAT: true, Address: "203.0.113.7"}
	if len(got.Zones) != 1 || got.Zones[0] != zone {
		t.Errorf("zones: %+v", got.Zones)
	}
	if len(got.Groups) != 1 || got.Groups[0].Total() != 1 {
		t.Errorf("groups: %+v", got.Groups)
	}
}
