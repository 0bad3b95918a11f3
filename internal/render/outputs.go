package render

import (
	"cmp"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// Output is a name and what stands for it; List tells a list, which may be empty, from a text.
type Output struct {
	Name   string
	Values []string
	List   bool
}

// outputs collects what stands and is known.
type outputs struct {
	v   View
	all []Output
}

func (o *outputs) text(name, value string) {
	if value != "" {
		o.all = append(o.all, Output{Name: word(name), Values: []string{ink.Clean(value)}})
	}
}

func (o *outputs) list(name string, values []string) {
	for i := range values {
		values[i] = ink.Clean(values[i])
	}
	o.all = append(o.all, Output{Name: word(name), Values: values, List: true})
}

// word makes a name that shells and jq take without quotes.
func word(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

// Outputs is what scripts need to know of a cluster that stands, sorted by name. Only what stands is in it.
func Outputs(v View) []Output {
	o := &outputs{v: v}
	o.text("account_id", v.Scope.Account)
	o.text("environment", v.Scope.Environment)
	o.text("region", v.Scope.Region)
	o.network()
	o.balancers()
	o.access()
	o.cluster()
	slices.SortStableFunc(o.all, func(a, b Output) int { return cmp.Compare(a.Name, b.Name) })
	return o.all
}

func (o *outputs) network() {
	if e := o.v.lodging(); e != nil && o.v.stands() {
		o.text("vpc_id", e.ID())
		o.text("vpc_cidr", e.CIDRs[0])
		o.list("public_subnet_ids", subnetIDs(e, model.Public))
		o.list("private_subnet_ids", subnetIDs(e, model.Private))
		o.list("availability_zones", o.v.zones())
		return
	}
	have := &o.v.Have
	o.text("vpc_id", have.ID(model.VPCKey()))
	if vpc, ok := model.Find[model.VPC](&have.Set, model.VPCKey()); ok {
		o.text("vpc_cidr", vpc.CIDR)
	}
	o.text("internet_gateway_id", have.ID(model.InternetGatewayKey()))
	var public, private, addresses []string
	for s := range model.Every[model.Subnet](&have.Set) {
		if s.Tier == model.Public {
			public = append(public, have.ID(s.Key()))
		} else {
			private = append(private, have.ID(s.Key()))
		}
	}
	for n := range model.Every[model.NATGateway](&have.Set) {
		if a := o.v.natAddress(n); a != "" {
			addresses = append(addresses, a)
		}
	}
	if !have.Has(model.VPCKey()) {
		return
	}
	o.list("public_subnet_ids", public)
	o.list("private_subnet_ids", private)
	o.list("availability_zones", o.v.zones())
	o.list("nat_addresses", addresses)
	for e := range model.Every[model.Endpoint](&have.Set) {
		o.text("vpc_endpoint_"+e.Service+"_id", have.ID(e.Key()))
	}
	o.text("flow_log_id", have.ID(model.FlowLogKey()))
}

func (o *outputs) balancers() {
	have := &o.v.Have
	for b := range model.Every[model.LoadBalancer](&have.Set) {
		h := have.Handle(b.Key())
		o.text("load_balancer_"+b.Key().Name+"_arn", h.ARN)
		o.text("load_balancer_"+b.Key().Name+"_dns_name", h.Address)
		o.text("load_balancer_"+b.Key().Name+"_url", url(h.Address, have.Has(model.ListenerKey(b.Balancer, model.PortHTTPS))))
	}
	for b := range model.Every[model.ClassicLoadBalancer](&have.Set) {
		o.text("classic_load_balancer_"+b.Key().Name+"_name", b.Name)
		o.text("classic_load_balancer_"+b.Key().Name+"_dns_name", have.Handle(b.Key()).Address)
		o.text("classic_load_balancer_"+b.Key().Name+"_url", url(have.Handle(b.Key()).Address, b.TLS.Port != 0))
	}
	groups := slices.Collect(model.Every[model.TargetGroup](&have.Set))
	for _, t := range groups {
		o.text("target_group_"+t.Key().Name+"_arn", have.Handle(t.Key()).ARN)
		if t.Balancer == "" || len(groups) == 1 {
			o.text("default_alb_target_group", have.Handle(t.Key()).ARN)
		}
	}
}

// url is where clients find a load balancer; with a certificate they know it by the certificate's name, which DNS leads
// here.
func url(address string, encrypted bool) string {
	switch {
	case address == "":
		return ""
	case encrypted:
		return "https://" + address
	default:
		return "http://" + address
	}
}

func (o *outputs) access() {
	have := &o.v.Have
	for g := range model.Every[model.SecurityGroup](&have.Set) {
		o.text("security_group_"+g.Role+"_id", have.ID(g.Key()))
	}
	for r := range model.Every[model.Role](&have.Set) {
		o.text("role_"+r.What+"_arn", have.Handle(r.Key()).ARN)
	}
	for k := range model.Every[model.KeyPair](&have.Set) {
		group, _, _ := strings.Cut(k.Of, "/")
		o.text("key_pair_"+group+"_name", k.Name)
	}
	o.text("instance_profile_arn", have.Handle(model.ProfileKey()).ARN)
}

func (o *outputs) cluster() {
	have := &o.v.Have
	if b, ok := model.Find[model.Bucket](&have.Set, model.BucketKey()); ok {
		o.text("bucket", b.Name)
	}
	for l := range model.Every[model.LogGroup](&have.Set) {
		if prefix := strings.TrimSuffix(l.Name, l.File); prefix != "" {
			o.text("log_prefix", prefix)
			break
		}
	}
	if c, ok := model.Find[model.Cluster](&have.Set, model.ClusterKey()); ok {
		o.text("cluster_name", c.Name)
		o.text("cluster_arn", have.Handle(c.Key()).ARN)
	}
	for g := range model.Every[model.Group](&have.Set) {
		o.text("auto_scaling_group_"+g.Group+"_name", g.Name)
	}
	for p := range model.Every[model.Provider](&have.Set) {
		o.text("capacity_provider_"+p.Group+"_name", p.Name)
	}
	for t := range model.Every[model.LaunchTemplate](&have.Set) {
		o.text("launch_template_"+t.Group+"_id", have.ID(t.Key()))
	}
}

// natAddress is the public address of a NAT gateway.
func (v View) natAddress(n model.NATGateway) string {
	if a := v.Have.Handle(n.Key()).Address; a != "" {
		return a
	}
	return v.Have.Handle(n.Address).Address
}

// zones are the zones that have a subnet.
func (v View) zones() []string {
	if e := v.lodging(); e != nil {
		return e.Zones()
	}
	var out []string
	for s := range model.Every[model.Subnet](&v.Have.Set) {
		if !slices.Contains(out, s.Zone) {
			out = append(out, s.Zone)
		}
	}
	slices.Sort(out)
	return out
}

// OutputsText is one "name = value" per line; the values of a list are separated by commas.
func OutputsText(all []Output) string {
	var b strings.Builder
	for _, o := range all {
		b.WriteString(strings.TrimRight(o.Name+" = "+strings.Join(o.Values, ","), " ") + "\n")
	}
	return b.String()
}

// OutputsJSON is one object: "version", and beside it every output as a text or a list of texts.
func OutputsJSON(all []Output) ([]byte, error) {
	out := map[string]any{"version": jsonVersion}
	for _, o := range all {
		if o.List {
			out[o.Name] = append([]string{}, o.Values...)
		} else {
			out[o.Name] = o.Values[0]
		}
	}
	return indented(out)
}
