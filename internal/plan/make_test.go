package plan_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

func step(v plan.Verb, k model.Key) plan.Step { return plan.Step{Verb: v, Key: k} }

// before tells whether a plan cannot begin the later step before the earlier one is done.
func before(p plan.Plan, earlier, later plan.Step) bool {
	c, ok := p.Find(later)
	if _, known := p.Find(earlier); !ok || !known {
		return false
	}
	for _, n := range c.Needs {
		if n == earlier || before(p, earlier, n) {
			return true
		}
	}
	return false
}

// inOrder demands of a plan that each step waits for the one before.
func inOrder(t *testing.T, p plan.Plan, steps ...plan.Step) {
	t.Helper()
	for i := 1; i < len(steps); i++ {
		if !before(p, steps[i-1], steps[i]) {
			t.Errorf("%v does not wait for %v", steps[i], steps[i-1])
		}
	}
}

// about are the steps of a plan about some kinds, as text.
func about(p plan.Plan, kinds ...model.Kind) string {
	var out []string
	for _, c := range p.Changes {
		if len(kinds) == 0 || slices.Contains(kinds, c.Key.Kind) {
			out = append(out, string(c.Verb)+" "+c.Key.String())
		}
	}
	return strings.Join(out, ", ")
}

func made(t *testing.T, want model.Set, have model.Inventory) plan.Plan {
	t.Helper()
	p, err := plan.Make(want, have)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhenAZoneGoesItsWayOutGoesAfterAllHaveLeft(t *testing.T) {
	p := changed(t, file(zones("a", "b", "c")), file())
	const c = "eu-west-1c"
	group, lb := step(plan.Update, model.GroupKey("default")), step(plan.Update, model.LoadBalancerKey(""))
	route, nat := step(plan.Delete, model.RouteKey(model.Private, c)), step(plan.Delete, model.NATGatewayKey(c))
	inOrder(t, p, group, route, nat, step(plan.Delete, model.ElasticIPKey(c)))
	inOrder(t, p, group, step(plan.Delete, model.SubnetKey(model.Private, c)))
	inOrder(t, p, nat, step(plan.Delete, model.RouteKey(model.Public, c)), step(plan.Delete, model.RouteTableKey(model.Public, c)), step(plan.Delete, model.SubnetKey(model.Public, c)))
	inOrder(t, p, lb, step(plan.Delete, model.RouteKey(model.Public, c)))
	inOrder(t, p, step(plan.Update, model.EndpointKey("s3")), step(plan.Delete, model.RouteTableKey(model.Private, c)))
	for _, change := range p.Changes {
		if change.Verb == plan.Delete && change.Impact != plan.None {
			t.Errorf("%v: nobody is there any more, and it is said to be %s", change.Step, change.Impact)
		}
	}
	if p.Impact() != plan.Brief {
		t.Error(p.Impact())
	}
}

func TestWhenAZoneComesItsWayOutStandsBeforeAnybodyUsesIt(t *testing.T) {
	p := changed(t, file(), file(zones("a", "b", "c")))
	const c = "eu-west-1c"
	inOrder(t, p, step(plan.Create, model.SubnetKey(model.Public, c)), step(plan.Create, model.NATGatewayKey(c)),
		step(plan.Create, model.RouteKey(model.Private, c)), step(plan.Update, model.GroupKey("default")))
	inOrder(t, p, step(plan.Create, model.RouteKey(model.Public, c)), step(plan.Update, model.LoadBalancerKey("")))
	for _, change := range p.Changes {
		if change.Verb == plan.Delete || change.Replaces {
			t.Errorf("%v", change.Step)
		}
	}
}

func TestInstancesOfANewClusterWaitForTheirWayOutButTheirGroupDoesNot(t *testing.T) {
	p := made(t, want(file()), model.Inventory{})
	inOrder(t, p, step(plan.Create, model.NATGatewayKey("eu-west-1a")), step(plan.Create, model.RouteKey(model.Private, "eu-west-1a")), step(plan.Create, model.CapacityKey("default")))
	inOrder(t, p, step(plan.Create, model.GroupKey("default")), step(plan.Create, model.ProviderKey("default")), step(plan.Create, model.ClusterProvidersKey()), step(plan.Create, model.CapacityKey("default")))
	if before(p, step(plan.Create, model.NATGatewayKey("eu-west-1a")), step(plan.Create, model.GroupKey("default"))) {
		t.Error("the empty group waits for a gateway")
	}
	if before(p, step(plan.Create, model.NATGatewayKey("eu-west-1a")), step(plan.Create, model.LoadBalancerKey(""))) {
		t.Error("the two that take longest do not go together")
	}
	p = made(t, want(file(balancers(internal(balancer("", config.Application)), internal(balancer("old", config.Classic))))), model.Inventory{})
	for _, lb := range []model.Key{model.LoadBalancerKey(""), model.ClassicKey("old")} {
		if before(p, step(plan.Create, model.RouteKey(model.Private, "eu-west-1a")), step(plan.Create, lb)) {
			t.Errorf("%s, which answers inside the VPC only, waits for a way out", lb)
		}
	}
	if p.Impact() != plan.None {
		t.Error(p.Impact())
	}
}

func TestSwitchingNATGatewaysTurnsRoutesWithoutAGap(t *testing.T) {
	three := zones("a", "b", "c")
	b, c := model.RouteKey(model.Private, "eu-west-1b"), model.RouteKey(model.Private, "eu-west-1c")
	p := changed(t, file(three, single), file(three))
	if got := about(p, model.KindRoute, model.KindNATGateway); got != "create nat_gateway.eu-west-1b, create nat_gateway.eu-west-1c, update route.private/eu-west-1b, update route.private/eu-west-1c" {
		t.Error(got)
	}
	inOrder(t, p, step(plan.Create, model.NATGatewayKey("eu-west-1b")), step(plan.Update, b))

	p = changed(t, file(three), file(three, single))
	if got := about(p, model.KindRoute, model.KindNATGateway); got != "update route.private/eu-west-1b, update route.private/eu-west-1c, delete nat_gateway.eu-west-1c, delete nat_gateway.eu-west-1b" {
		t.Error(got)
	}
	inOrder(t, p, step(plan.Update, c), step(plan.Delete, model.NATGatewayKey("eu-west-1c")), step(plan.Delete, model.ElasticIPKey("eu-west-1c")))

	// The only gateway moves: the new one stands and all routes lead there before the old one goes.
	p = changed(t, file(three, single), file(zones("b", "c"), single))
	inOrder(t, p, step(plan.Create, model.NATGatewayKey("eu-west-1b")), step(plan.Update, c), step(plan.Delete, model.NATGatewayKey("eu-west-1a")))
	if p.Impact() != plan.Brief {
		t.Error(p.Impact())
	}
}

func TestAGroupIsEmptiedBeforeItsProviderLeavesTheCluster(t *testing.T) {
	p := changed(t, file(groups(group("default"), group("batch"))), file())
	inOrder(t, p, step(plan.Delete, model.CapacityKey("batch")), step(plan.Update, model.ClusterProvidersKey()), step(plan.Delete, model.ProviderKey("batch")),
		step(plan.Delete, model.GroupKey("batch")), step(plan.Delete, model.TemplateKey("batch")), step(plan.Delete, model.InstanceGroupKey("batch")))
	if strings.Contains(about(p), ".default") {
		t.Error("the other group is touched: ", about(p))
	}
}

func TestANewerImageIsANewVersionAndNothingElse(t *testing.T) {
	newer := file()
	newer.Groups[0].AMI = "ami-2"
	p := changed(t, file(), newer)
	if got := about(p); got != "update launch_template.default, update auto_scaling_group.default" || p.Impact() != plan.None {
		t.Error(got, p.Impact())
	}
	inOrder(t, p, step(plan.Update, model.TemplateKey("default")), step(plan.Update, model.GroupKey("default")))
}

func TestAnotherSizeTouchesNothingButTheCapacity(t *testing.T) {
	larger := file()
	larger.Groups[0].Desired, larger.Groups[0].Min = 4, 3
	p := changed(t, file(), larger)
	if got := about(p); got != "update capacity.default" || p.Impact() != plan.None {
		t.Error(got, p.Impact())
	}
	if p = changed(t, larger, file()); p.Impact() != plan.Rolling {
		t.Error("fewer instances are somebody's loss", p.Impact())
	}
}

func TestASizeWaitsUntilManagedScalingHasLetItGo(t *testing.T) {
	manual := file()
	manual.Groups[0].ManagedScaling = false
	p := changed(t, file(), manual)
	provider, capacity := step(plan.Update, model.ProviderKey("default")), step(plan.Update, model.CapacityKey("default"))
	inOrder(t, p, provider, capacity)
	if c, _ := p.Find(capacity); len(c.Fields) != 1 || c.Fields[0].From != c.Fields[0].To || p.Impact() != plan.None {
		t.Error("the size is as wanted, and set once more for what may happen meanwhile: ", c.Fields, p.Impact())
	}
	manual.Groups[0].Desired = 3
	p = changed(t, file(), manual)
	inOrder(t, p, provider, capacity)
	if c, _ := p.Find(capacity); len(c.Fields) != 1 || c.Fields[0].To != "3" {
		t.Error(c.Fields)
	}
	if p = changed(t, file(), file()); !p.Empty() {
		t.Error(about(p))
	}
	larger := file()
	larger.Groups[0].ManagedScaling, larger.Groups[0].Desired = false, 4
	underWay := with(stands(want(manual)), provider.Key, model.Pending) // since a run before
	inOrder(t, made(t, want(larger), underWay), step(plan.Wait, provider.Key), capacity)
}

func TestAClassicLoadBalancerMadeAnewKeepsItsGroups(t *testing.T) {
	classic := balancer("old", config.Classic)
	p := changed(t, file(balancers(classic)), file(balancers(internal(classic))))
	if got := about(p); got != "create classic_load_balancer.old, update auto_scaling_group.default, delete classic_load_balancer.old" {
		t.Error(got)
	}
	inOrder(t, p, step(plan.Delete, model.ClassicKey("old")), step(plan.Create, model.ClassicKey("old")), step(plan.Update, model.GroupKey("default")))
	c, _ := p.Find(step(plan.Update, model.GroupKey("default")))
	if len(c.Fields) != 1 || c.Fields[0].Name != "classic_load_balancer" || c.Fields[0].From != "classic_load_balancer.old" || c.Impact != plan.Brief {
		t.Error(c)
	}
}

func TestAnApplicationLoadBalancerMadeAnewTakesItsListenerAlong(t *testing.T) {
	p := changed(t, file(), file(balancers(internal(balancer("", config.Application)))))
	inOrder(t, p, step(plan.Delete, model.ListenerKey("", 80)), step(plan.Delete, model.LoadBalancerKey("")), step(plan.Create, model.LoadBalancerKey("")), step(plan.Create, model.ListenerKey("", 80)))
	if got := about(p, model.KindGroup, model.KindTargetGroup, model.KindSecurityGroup); got != "" || p.Impact() != plan.Outage {
		t.Error(got, p.Impact())
	}
	c, _ := p.Find(step(plan.Create, model.ListenerKey("", 80)))
	if !c.Replaces || c.Why != "it stands on load_balancer.default, which is made anew" {
		t.Error(c.Why)
	}
}

func TestAnotherVPCTakesEverythingInItAlongAndNothingElse(t *testing.T) {
	p := scenarios(t)["another-vpc"]
	have := stands(want(file()))
	outside := []model.Kind{
		model.KindBucket, model.KindElasticIP, model.KindServiceRole, model.KindRole, model.KindProfile, model.KindLogGroup, model.KindCluster,
		model.KindKMSKey, model.KindTopic, model.KindQueue, model.KindEventRule,
	}
	for r := range have.All() {
		made, anew := p.Find(step(plan.Create, r.Key()))
		if anew == slices.Contains(outside, r.Key().Kind) || anew && !made.Replaces {
			t.Errorf("%s is made anew: %v", r.Key(), anew)
		}
		_, gone := p.Find(step(plan.Delete, r.Key()))
		if gone != (anew && r.Key().Kind != model.KindDefaultGroup) {
			t.Errorf("%s goes: %v", r.Key(), gone)
		}
	}
	inOrder(t, p, step(plan.Delete, model.CapacityKey("default")), step(plan.Delete, model.ClusterProvidersKey()), step(plan.Delete, model.ProviderKey("default")))
	if p.Impact() != plan.Outage || len(plan.Demand(p)) != 0 {
		t.Error(p.Impact(), plan.Demand(p))
	}
}

func TestSafetyACapacityIsMadeAnewOnlyWithItsGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		have := stands(want(from))
		p := possible(t, wantOver(to, &have), have)
		for c := range model.Every[model.Capacity](&have.Set) {
			_, capacity := p.Find(step(plan.Delete, c.Key()))
			_, group := p.Find(step(plan.Delete, model.GroupKey(c.Group)))
			if capacity != group {
				t.Fatalf("%s goes: %v, its group: %v", c.Key(), capacity, group)
			}
		}
	})
}

func TestSafetyOnlyWhatIsSaidToBeAnOutageIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := files().Draw(t, "from"), files().Draw(t, "to")
		have := stands(want(from))
		for _, c := range possible(t, wantOver(to, &have), have).Changes {
			loses := c.Verb == plan.Delete && slices.Contains([]model.Kind{model.KindLoadBalancer, model.KindClassic, model.KindGroup, model.KindListener, model.KindVPC}, c.Key.Kind)
			if loses && c.Impact != plan.Outage || !loses && c.Verb != plan.Delete && c.Impact == plan.Outage {
				t.Fatalf("%v is said to be %s", c.Step, c.Impact)
			}
		}
	})
}

func TestWhatAWSGaveUpIsMadeAnew(t *testing.T) {
	set := want(file())
	nat := model.NATGatewayKey("eu-west-1a")
	p := made(t, set, with(stands(set), nat, model.Failed))
	if got := about(p); got != "create nat_gateway.eu-west-1a, create route.private/eu-west-1a, delete route.private/eu-west-1a, delete nat_gateway.eu-west-1a" {
		t.Error(got)
	}
	c, _ := p.Find(step(plan.Create, nat))
	if c.Why != "AWS gave it up: no such luck" || !c.Replaces || len(c.Fields) != 0 {
		t.Error(c)
	}
	inOrder(t, p, step(plan.Delete, model.RouteKey(model.Private, "eu-west-1a")), step(plan.Delete, nat), step(plan.Create, nat), step(plan.Create, model.RouteKey(model.Private, "eu-west-1a")))
}

func TestWhatIsLeavingIsAwaitedAndMadeAgain(t *testing.T) {
	set := want(file())
	lb := model.LoadBalancerKey("")
	p := made(t, set, with(stands(set), lb, model.Leaving))
	inOrder(t, p, step(plan.Delete, lb), step(plan.Create, lb), step(plan.Create, model.ListenerKey("", 80)))
	if c, _ := p.Find(step(plan.Delete, lb)); c.Why != "it is being deleted" {
		t.Error(c.Why)
	}
	if phase, _ := plan.Settle(p.Changes[len(p.Changes)-1], with(stands(set), lb, model.Leaving)); phase != plan.Running {
		t.Error("it is not awaited")
	}
}

func TestWhatLeavesAnywayIsSaidToLeave(t *testing.T) {
	set := want(file())
	p := made(t, model.Set{}, with(stands(set), model.LoadBalancerKey(""), model.Leaving))
	if c, _ := p.Find(step(plan.Delete, model.LoadBalancerKey(""))); c.Why != "it is being deleted" {
		t.Error(c.Why)
	}
	if c, _ := p.Find(step(plan.Delete, model.VPCKey())); c.Why != "the file no longer asks for it" {
		t.Error(c.Why)
	}
}

func TestWhatIsOnItsWayIsOnlyAwaited(t *testing.T) {
	set := want(file())
	have := stands(set)
	for _, k := range []model.Key{model.VPCKey(), model.NATGatewayKey("eu-west-1a"), model.LoadBalancerKey(""), model.CapacityKey("default")} {
		have = with(have, k, model.Pending)
	}
	p := made(t, set, have)
	if got := about(p); got != "wait vpc, wait nat_gateway.eu-west-1a, wait load_balancer.default, wait capacity.default" || !p.Empty() || p.Impact() != plan.None {
		t.Error(got, p.Empty())
	}
}

func TestWhatNeedsSomethingOnItsWayWaitsForIt(t *testing.T) {
	set := want(file())
	have := with(stands(set), model.NATGatewayKey("eu-west-1a"), model.Pending)
	have.Remove(model.RouteKey(model.Private, "eu-west-1a"))
	p := made(t, set, have)
	inOrder(t, p, step(plan.Wait, model.NATGatewayKey("eu-west-1a")), step(plan.Create, model.RouteKey(model.Private, "eu-west-1a")))
	if p.Empty() {
		t.Error("a route is missing, and the plan counts as empty")
	}
}

func TestProvidersThatCouldNotBeAttachedAreAttachedAgain(t *testing.T) {
	set := want(file(groups(group("default"), group("batch"))))
	p := made(t, set, with(stands(set), model.ClusterProvidersKey(), model.Failed))
	if got := about(p); got != "update cluster_capacity_providers" || p.Changes[0].Why != "AWS gave it up: no such luck" {
		t.Error(got, p.Changes)
	}
}

func TestALostServiceLinkedRoleIsMadeAndNothingElse(t *testing.T) {
	set := want(file())
	have := stands(set)
	have.Remove(model.ServiceRoleKey("ecs"))
	if got := about(made(t, set, have)); got != "create service_linked_role.ecs" {
		t.Error(got)
	}
	if got := about(made(t, set, with(stands(set), model.ServiceRoleKey("ecs"), model.Leaving))); got != "create service_linked_role.ecs" {
		t.Error(got)
	}
}

func TestAServiceLinkedRoleThatNobodyNeedsStays(t *testing.T) {
	spot := file()
	spot.Groups[0].Spot = true
	p := changed(t, spot, file())
	if got := about(p, model.KindServiceRole); got != "" {
		t.Error(got)
	}
	if got := about(changed(t, file(), spot), model.KindServiceRole); got != "create service_linked_role.spot" {
		t.Error(got)
	}
}

func TestAResourceLostByHandIsMadeAgainAndWhatPointsNowhereIsTiedToIt(t *testing.T) {
	set := want(file())
	have := stands(set)
	nat, private := model.NATGatewayKey("eu-west-1a"), model.RouteKey(model.Private, "eu-west-1a")
	have.Remove(nat)
	r, _ := model.Find[model.Route](&have.Set, private)
	r.Target = model.Foreign("nat-0gone")
	have.Add(r, have.Handle(private))
	p := made(t, set, have)
	if got := about(p); got != "create nat_gateway.eu-west-1a, update route.private/eu-west-1a" {
		t.Error(got)
	}
	inOrder(t, p, step(plan.Create, nat), step(plan.Update, private))
}

// second adds another one of what stands, as a lost answer leaves it behind.
func second(have model.Inventory, r model.Resource, id string) model.Inventory {
	out := have.Clone()
	out.Add(model.Duplicate{Resource: r, ID: id}, model.Handle{ID: id})
	return out
}

func TestTheSecondOfTwoGoesAfterAllThatRefersToIt(t *testing.T) {
	set := want(file())
	have := stands(set)
	address := model.Key{Kind: model.KindElasticIP, Name: "eu-west-1a#eipalloc-2"}
	gateway := model.Key{Kind: model.KindNATGateway, Name: "eu-west-1a#nat-2"}
	have = second(have, model.ElasticIP{Zone: "eu-west-1a"}, "eipalloc-2")
	have = second(have, model.NATGateway{Zone: "eu-west-1a", Subnet: model.SubnetKey(model.Public, "eu-west-1a"), Address: address}, "nat-2")
	private := model.RouteKey(model.Private, "eu-west-1a")
	r, _ := model.Find[model.Route](&have.Set, private)
	r.Target = gateway
	have.Add(r, have.Handle(private))

	p := made(t, set, have)
	if got := about(p); got != "update route.private/eu-west-1a, delete nat_gateway.eu-west-1a#nat-2, delete elastic_ip.eu-west-1a#eipalloc-2" {
		t.Error(got)
	}
	inOrder(t, p, step(plan.Update, private), step(plan.Delete, gateway), step(plan.Delete, address))
	if c, _ := p.Find(step(plan.Delete, gateway)); c.Why != "there are two, and one is enough" {
		t.Error(c.Why)
	}
}

func TestASecondSecurityGroupWhoseRulesNameItselfCanGo(t *testing.T) {
	set := want(file())
	twin := model.Key{Kind: model.KindSecurityGroup, Name: "instances/default#sg-2"}
	have := second(stands(set), model.SecurityGroup{Role: "instances/default", Ingress: []model.Rule{{Protocol: "-1", Group: twin}}}, "sg-2")
	if got := about(made(t, set, have)); got != "delete "+twin.String() {
		t.Error(got)
	}
}

func TestSecurityGroupsThatNameEachOtherCanBeDestroyed(t *testing.T) {
	have := stands(want(file(groups(group("default"), group("batch"), group("extra")))))
	ring := []model.Key{model.InstanceGroupKey("default"), model.InstanceGroupKey("batch"), model.InstanceGroupKey("extra")}
	for i, k := range ring {
		g, _ := model.Find[model.SecurityGroup](&have.Set, k)
		g.Ingress = append(slices.Clone(g.Ingress), model.Rule{Protocol: "tcp", From: 1, To: 2, Group: ring[(i+1)%len(ring)]})
		have.Add(g, have.Handle(k))
	}
	p := made(t, model.Set{}, have)
	// The ring has no order; the load balancer's, which all name and which names none, still goes last.
	for _, k := range ring {
		inOrder(t, p, step(plan.Delete, k), step(plan.Delete, model.BalancerGroupKey("")), step(plan.Delete, model.VPCKey()))
	}
}

// inUse is an inventory with a service and a task in its cluster.
func inUse(have model.Inventory) model.Inventory {
	out := have.Clone()
	on := []model.Key{model.CapacityKey("default")}
	out.Add(model.Service{Name: "api", Desired: 2, Running: 2, On: on}, model.Handle{ID: "api"})
	out.Add(model.Task{ID: "0f", Family: "job", On: on}, model.Handle{ID: "0f"})
	return out
}

func TestWhatRunsInAClusterGoesBeforeItsInstances(t *testing.T) {
	p := made(t, model.Set{}, inUse(stands(want(file()))))
	for _, k := range []model.Key{model.ServiceKey("api"), model.TaskKey("0f")} {
		inOrder(t, p, step(plan.Delete, k), step(plan.Delete, model.CapacityKey("default")), step(plan.Delete, model.ClusterKey()))
		if c, _ := p.Find(step(plan.Delete, k)); c.Impact != plan.Outage || c.Why != "it goes with the cluster that it runs in" {
			t.Error(c)
		}
	}
}

func TestNoPlanTouchesWhatRunsInAClusterThatStays(t *testing.T) {
	set := want(file())
	if p := made(t, set, inUse(stands(set))); len(p.Changes) != 0 {
		t.Error(about(p))
	}
	for name, to := range map[string]*config.Config{"a zone more": file(zones("a", "b", "c")), "another VPC": file(func(c *config.Config) { c.VPCCIDR = netip.MustParsePrefix("10.9.0.0/16"); zones("a", "b")(c) })} {
		if got := about(made(t, want(to), inUse(stands(set))), model.KindService, model.KindTask); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestWhatStandsInTheWayIsNamedAndNothingIsPlanned(t *testing.T) {
	set := want(file())
	var have model.Inventory
	have.Strays = []model.Stray{
		{ID: "sg-1", What: "security group sg-1"}, // only lies about
		{Key: model.GroupKey("default"), ID: "prod_shop_default", What: "auto scaling group prod_shop_default"},
		{Key: model.GroupKey("batch"), ID: "prod_shop_batch", What: "auto scaling group prod_shop_batch"}, // not in this place
		{Key: model.ClusterKey(), ID: "shop", What: "cluster shop"},
	}
	p, err := plan.Make(set, have)
	var conflict *plan.Conflict
	if !errors.As(err, &conflict) || len(conflict.Strays) != 2 || len(p.Changes) != 0 {
		t.Fatal(err)
	}
	wantText := "auto scaling group prod_shop_default is in the place of auto_scaling_group.default and is not berth's; cluster shop is in the place of cluster and is not berth's"
	if err.Error() != wantText {
		t.Error(err)
	}
	if len(have.Strays) != 4 {
		t.Error("the inventory was changed")
	}
	if _, err := plan.Make(model.Set{}, have); err != nil {
		t.Error("destroy minds what is not ours:", err)
	}
}

func TestRangesHandedOnInACircleAreRefusedByName(t *testing.T) {
	from, to := file(zones("a", "b")), file(zones("a", "c"))
	_, err := plan.Make(want(to), stands(want(from)))
	var cycle *plan.Cycle
	if !errors.As(err, &cycle) {
		t.Fatal(err)
	}
	for _, text := range []string{"these changes would wait for each other: ", "create subnet.private/eu-west-1c", "update auto_scaling_group.default", "delete subnet.private/eu-west-1b"} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q is not in: %v", text, err)
		}
	}
	if slices.Contains(cycle.Steps, step(plan.Delete, model.SubnetKey(model.Private, "eu-west-1a"))) {
		t.Error("what has nothing to do with it is named")
	}
}

func TestNothingWantedAndNothingFoundIsNothingToDo(t *testing.T) {
	if p := made(t, model.Set{}, model.Inventory{}); len(p.Changes) != 0 || !p.Empty() || p.Impact() != plan.None || p.Duration() != 0 {
		t.Error(p)
	}
}

func TestMakingAPlanChangesNeitherSide(t *testing.T) {
	from, to := file(zones("a", "b", "c")), file(balancers(balancer("old", config.Classic)))
	have, set := stands(want(from)), want(to)
	before := plan.Fingerprint(set, have)
	made(t, set, have)
	if plan.Fingerprint(set, have) != before {
		t.Error("it does")
	}
}
