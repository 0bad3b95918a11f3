package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/check/lodging"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// agentServices are what an instance must reach to join a cluster (ECS developer guide, "Amazon ECS interface VPC
// endpoints").
func agentServices() []string { return []string{"ecs", "ecs-agent", "ecs-telemetry"} }

// taskServices are what instances and most tasks need besides: images, logs, secrets, a shell.
func taskServices() []string {
	return slices.DeleteFunc(config.InstanceServices(), func(s string) bool { return slices.Contains(agentServices(), s) })
}

// balancerFree is how many addresses AWS wants to find free in each subnet of a new load balancer (Elastic Load Balancing
// user guide, "Subnets for your load balancer").
const balancerFree = 8

// lodging is the existing VPC of the findings' facts.
func (in Input) lodging() (lodging.Lodging, bool) {
	l, ok := lodging.Of(in.Config, in.Facts)
	return l, ok && l.ID() != ""
}

// inSubnets places a finding at what chooses a tier's subnets.
func (in Input) inSubnets(f Finding, t model.Tier) Finding {
	name := "existing_vpc." + string(t)
	return in.at(f, name+"_subnet_ids", name+"_subnet_tags", "existing_vpc")
}

// pick are the ids of the subnets of a tier that are so.
func pick(l lodging.Lodging, t model.Tier, so func(model.ExistingSubnet) bool) []string {
	var out []string
	for _, s := range l.Tier(t) {
		if so(s) {
			out = append(out, s.ID)
		}
	}
	return out
}

// are is "subnet a is", or "subnets a and b are".
func are(ids []string) string {
	if len(ids) == 1 {
		return "subnet " + ids[0] + " is"
	}
	return "subnets " + enumerate(ids) + " are"
}

// have is "subnet a has", or "subnets a and b have".
func have(ids []string) string {
	if len(ids) == 1 {
		return "subnet " + ids[0] + " has"
	}
	return "subnets " + enumerate(ids) + " have"
}

func isGateway(out string) bool { return strings.HasPrefix(out, "igw-") }

// noWayOut is an error: instances that cannot reach ECS never join the cluster, and an apply waits for them in vain.
func noWayOut(in Input) []Finding {
	l, ok := in.lodging()
	if !ok {
		return nil
	}
	const join = "instances there cannot reach ECS and never join the cluster"
	var out []Finding
	say := func(ids []string, text, fix string) {
		if len(ids) > 0 {
			out = append(out, in.inSubnets(Finding{Severity: Error, Text: text + ": " + join, Fix: fix}, model.Private))
		}
	}
	if !l.DNSSupport {
		out = append(out, in.at(Finding{
			Severity: Error,
			Text:     "DNS support is off in " + l.ID() + ": unless its DHCP options name other DNS servers, " + join,
			Fix:      "its owner can turn it on: aws ec2 modify-vpc-attribute --region " + in.Config.Region + " --vpc-id " + l.ID() + " --enable-dns-support",
		}, l.VPCSetting()))
	}
	gateway := pick(l, model.Private, func(s model.ExistingSubnet) bool { return isGateway(s.Out) && !s.Dead && !s.AutoPublicIP })
	say(gateway, "private "+are(gateway)+" routed to an internet gateway, and instances get no public addresses",
		"name subnets whose default route leads to a NAT gateway")
	dead := pick(l, model.Private, func(s model.ExistingSubnet) bool { return s.Dead })
	say(dead, "the default route of private "+of(dead)+" leads to something that is gone", "let its owner mend the route table")
	none := pick(l, model.Private, func(s model.ExistingSubnet) bool { return s.Out == "" })
	if missing := unserved(l, agentServices()); len(missing) > 0 {
		say(none, "private "+have(none)+" no default route, and "+l.ID()+" no interface endpoint with private DNS for "+enumerate(missing),
			"let its owner route them to a NAT gateway, or make the endpoints")
	} else if missing := unserved(l, taskServices()); len(none) > 0 && len(missing) > 0 {
		out = append(out, in.inSubnets(Finding{
			Severity: Warning,
			Text: "private " + have(none) + " no default route: instances join by the endpoints, and what tasks need from " +
				enumerate(missing) + " they cannot reach",
			Fix: "let the owner of " + l.ID() + " make endpoints for those that are needed",
		}, model.Private))
	}
	return out
}

func of(ids []string) string { return strings.TrimSuffix(strings.TrimSuffix(are(ids), " is"), " are") }

// unserved are the services that no interface endpoint of the VPC answers for.
func unserved(l lodging.Lodging, services []string) []string {
	return slices.DeleteFunc(slices.Clone(services), l.Serves)
}

// wrongTier speaks of subnets that are not what the file calls them.
func wrongTier(in Input) []Finding {
	l, ok := in.lodging()
	if !ok {
		return nil
	}
	var out []Finding
	if closed := pick(l, model.Public, func(s model.ExistingSubnet) bool { return !isGateway(s.Out) || s.Dead }); len(closed) > 0 && l.Fronts(model.Public, "") {
		out = append(out, in.inSubnets(Finding{
			Severity: Error,
			Text:     "public " + have(closed) + " no default route to an internet gateway: nobody outside reaches a load balancer there",
			Fix:      "name subnets whose default route leads to an internet gateway",
		}, model.Public))
	}
	if open := pick(l, model.Private, func(s model.ExistingSubnet) bool { return s.AutoPublicIP && isGateway(s.Out) }); len(open) > 0 {
		out = append(out, in.inSubnets(Finding{
			Severity: Warning,
			Text:     "private " + are(open) + " public: instances get public addresses and a route to an internet gateway, and only their security groups keep the internet out",
			Fix:      "name subnets whose default route leads to a NAT gateway",
		}, model.Private))
	}
	if open := pick(l, model.Private, func(s model.ExistingSubnet) bool { return s.AutoPublicIP && !isGateway(s.Out) }); len(open) > 0 {
		out = append(out, in.inSubnets(Finding{
			Severity: Warning,
			Text:     "private " + are(open) + fmt.Sprintf(" set to give instances public addresses: each costs about $%.2f a month (%s), and where a route to an internet gateway comes it leads past the NAT gateway", addressMonthly, pricesOf),
			Fix:      "its owner can turn it off: aws ec2 modify-subnet-attribute --region " + in.Config.Region + " --subnet-id " + open[0] + " --no-map-public-ip-on-launch",
		}, model.Private))
	}
	return out
}

// fewAddresses compares what is free with what the cluster may grow to. A task in awsvpc mode takes one more each.
func fewAddresses(in Input) []Finding {
	l, ok := in.lodging()
	if !ok || len(l.Tier(model.Private)) == 0 {
		return nil
	}
	return slices.Concat(in.roomForBalancers(l), in.roomForInstances(l))
}

// roomForBalancers is an error while a load balancer is still to be made: AWS refuses to.
func (in Input) roomForBalancers(l lodging.Lodging) []Finding {
	var out []Finding
	for _, t := range []model.Tier{model.Public, model.Private} {
		full := pick(l, t, func(s model.ExistingSubnet) bool { return s.Free < balancerFree })
		if len(full) == 0 || !l.Fronts(t, "") {
			continue
		}
		f := Finding{
			Severity: Warning, Text: fmt.Sprintf("%s %s fewer than %d free addresses: a load balancer cannot grow there", t, have(full), balancerFree),
			Fix: "let the owner of " + l.ID() + " free some, or name other subnets",
		}
		if in.makesBalancer() {
			f.Severity, f.Text = Error, fmt.Sprintf("%s %s fewer than %d free addresses: AWS makes no load balancer there", t, have(full), balancerFree)
		}
		out = append(out, in.inSubnets(f, t))
	}
	return out
}

func (in Input) makesBalancer() bool {
	return slices.ContainsFunc(in.Plan.Changes, func(c plan.Change) bool {
		return c.Verb == plan.Create && (c.Key.Kind == model.KindLoadBalancer || c.Key.Kind == model.KindClassic)
	})
}

// roomForInstances counts the instances of ours that stand already: their addresses are not free any more.
func (in Input) roomForInstances(l lodging.Lodging) []Finding {
	most, here, free := 0, 0, 0
	for _, g := range in.Config.Groups {
		most += g.Max
	}
	for g := range model.Every[model.Group](&in.Have.Set) {
		here += len(g.Instances)
	}
	for _, s := range l.Tier(model.Private) {
		free += s.Free
	}
	zones := len(in.Config.Zones)
	need := most + most // replacing an instance takes a second one for a while
	if free+here >= need {
		return nil
	}
	return []Finding{in.inSubnets(Finding{
		Severity: Warning,
		Text: fmt.Sprintf("the private subnets of %s have %s free in %s: instances may be %d, twice as many while all are replaced, and a task in awsvpc mode takes an address of its own",
			l.ID(), addresses(free), quantity(zones, "zone"), most),
		Fix: "name larger subnets, or lower max_size",
	}, model.Private)}
}

// moves speaks of a plan that takes the cluster from one VPC to another.
func moves(in Input) []Finding {
	var from, to model.Key
	for g := range model.Every[model.SecurityGroup](&in.Have.Set) {
		if want, ok := model.Find[model.SecurityGroup](&in.Want, g.Key()); ok && want.VPC != g.VPC {
			from, to = g.VPC, want.VPC
		}
	}
	if from.IsZero() {
		return nil
	}
	anew := 0
	for _, c := range in.Plan.Changes {
		if c.Replaces && c.Verb == plan.Create {
			anew++
		}
	}
	target := "a VPC of its own"
	if to.Kind == model.KindForeign {
		target = to.Name
	}
	return []Finding{in.at(Finding{
		Severity: Warning,
		Text: fmt.Sprintf("the plan moves the cluster from %s to %s: %s made anew, load balancers get new addresses, and nothing serves until new instances stand",
			in.Have.ID(from), target, quantity(anew, "resource")+" "+map[bool]string{true: "is", false: "are"}[anew == 1]),
		Fix: "to keep serving, make a second cluster there (another name in cluster), move services and DNS names over, and then destroy this one",
	}, "existing_vpc")}
}

// theirWayOut is oneWayOut for a VPC of others.
func theirWayOut(in Input) []Finding {
	l, ok := in.lodging()
	if !ok || len(l.Zones()) < 2 {
		return nil
	}
	var outs []string
	for _, s := range l.Tier(model.Private) {
		outs = append(outs, s.Out)
	}
	slices.Sort(outs)
	if outs = slices.Compact(outs); len(outs) != 1 || !strings.HasPrefix(outs[0], "nat-") {
		return nil
	}
	return []Finding{in.inSubnets(Finding{
		Severity: Warning,
		Text: fmt.Sprintf("all private subnets of %s leave by the one NAT gateway %s: when its zone fails, instances in the other zones can pull no image, ship no log and join no more",
			l.ID(), outs[0]),
		Fix: "let its owner make a NAT gateway in each zone, and route each zone's private subnet to its own",
	}, model.Private)}
}

// noS3Endpoint: image layers of ECR come from S3.
func noS3Endpoint(in Input) []Finding {
	l, ok := in.lodging()
	if !ok {
		return nil
	}
	without := pick(l, model.Private, func(s model.ExistingSubnet) bool { return !s.S3 && strings.HasPrefix(s.Out, "nat-") })
	if len(without) == 0 {
		return nil
	}
	return []Finding{in.inSubnets(Finding{
		Severity: Info,
		Text:     fmt.Sprintf("private %s no gateway endpoint of S3: every image layer passes the NAT gateway for $%.3f a GB (%s), and the endpoint is free", have(without), gatewayPerGB, pricesOf),
		Fix:      "its owner can make one: aws ec2 create-vpc-endpoint --region " + in.Config.Region + " --vpc-id " + l.ID() + " --service-name com.amazonaws." + in.Config.Region + ".s3 --route-table-ids TABLES",
	}, model.Private)}
}

// addresses counts addresses, whose plural is not an s.
func addresses(n int) string {
	if n == 1 {
		return "1 address"
	}
	return strconv.Itoa(n) + " addresses"
}
