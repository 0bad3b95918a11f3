package diagram

import "fmt"

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
