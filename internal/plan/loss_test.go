package plan

import (
	"testing"

	"berth/internal/model"
)

func TestWhoeverIsShutOutNoticesIt(t *testing.T) {
	tcp := func(port int, cidr string) model.Rule {
		return model.Rule{Protocol: "tcp", From: port, To: port, CIDR: cidr, Description: "clients"}
	}
	group := func(rules ...model.Rule) model.Resource { return model.SecurityGroup{Ingress: rules} }
	all := model.Rule{Protocol: "-1", CIDR: "0.0.0.0/0"}
	balancers := model.Rule{Protocol: "tcp", From: 32768, To: 65535, Group: model.BalancerGroupKey("a")}
	for name, tt := range map[string]struct {
		from, to model.Resource
		want     Impact
	}{
		"the same":       {group(tcp(80, "10.0.0.0/8")), group(tcp(80, "10.0.0.0/8")), None},
		"more clients":   {group(tcp(80, "10.0.0.0/8")), group(tcp(80, "0.0.0.0/0")), None},
		"fewer clients":  {group(tcp(80, "0.0.0.0/0")), group(tcp(80, "10.0.0.0/8")), Brief},
		"others":         {group(tcp(80, "10.0.0.0/8")), group(tcp(80, "11.0.0.0/8")), Brief},
		"another port":   {group(tcp(80, "10.0.0.0/8")), group(tcp(81, "10.0.0.0/8")), Brief},
		"one more port":  {group(tcp(80, "10.0.0.0/8")), group(tcp(80, "10.0.0.0/8"), tcp(443, "10.0.0.0/8")), None},
		"one port less":  {group(tcp(80, "10.0.0.0/8"), tcp(443, "10.0.0.0/8")), group(tcp(80, "10.0.0.0/8")), Brief},
		"all ports":      {group(tcp(80, "10.0.0.0/8")), group(all), None},
		"no balancer":    {group(balancers), group(), None},
		"another text":   {group(tcp(80, "10.0.0.0/8")), group(model.Rule{Protocol: "tcp", From: 80, To: 80, CIDR: "10.0.0.0/8"}), None},
		"HTTPS goes":     {model.ClassicLoadBalancer{TLS: model.ClassicTLS{Port: 443}}, model.ClassicLoadBalancer{}, Outage},
		"HTTPS comes":    {model.ClassicLoadBalancer{}, model.ClassicLoadBalancer{TLS: model.ClassicTLS{Port: 443}}, None},
		"something else": {model.VPC{}, model.VPC{}, None},
	} {
		if got := loss(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
