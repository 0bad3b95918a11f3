package desired_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// Each test of this file is one line of the production baseline: what a cluster is unless the file says otherwise. They
// run over the original file, which says least, and the one that says everything.

func bothFiles(t *testing.T, test func(t *testing.T, c *config.Config, set model.Set)) {
	t.Helper()
	for _, file := range []string{original, everything} {
		t.Run(file, func(t *testing.T) {
			c := load(t, file)
			test(t, c, desired.Build(c, factsOf(c)))
		})
	}
}

// sole is the one resource of its type.
func sole[R model.Resource](t *testing.T, set model.Set) R {
	t.Helper()
	all := slices.Collect(model.Every[R](&set))
	if len(all) != 1 {
		t.Fatalf("there are %d %T", len(all), *new(R))
	}
	return all[0]
}

func TestNamesResolveInTheVPC(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		if v := sole[model.VPC](t, set); !v.DNSSupport || !v.DNSHostnames || v.CIDR != c.VPCCIDR.String() {
			t.Error(v)
		}
	})
}

func TestNoSubnetGivesInstancesAPublicAddress(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		n := 0
		for s := range model.Every[model.Subnet](&set) {
			n++
			if s.AutoPublicIP {
				t.Error(s.Key())
			}
		}
		if n != 2*len(c.Zones) {
			t.Errorf("%d subnets", n)
		}
	})
}

func TestTheDefaultSecurityGroupLetsNothingThrough(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		if g := sole[model.DefaultGroup](t, set); len(g.Ingress)+len(g.Egress) != 0 {
			t.Error(g)
		}
	})
}

func TestEveryPrivateSubnetReachesS3WithoutANATGateway(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		e := get[model.Endpoint](t, set, model.EndpointKey("s3"))
		for _, z := range c.Zones {
			if !slices.Contains(e.RouteTables, model.RouteTableKey(model.Private, z.Name)) {
				t.Errorf("not that of %s", z.Name)
			}
		}
		if e.Type != model.GatewayEndpoint || len(e.RouteTables) != len(c.Zones) {
			t.Error(e)
		}
	})
}

func TestEveryGroupLaunchesFromTheNewestContentOfItsOwnTemplate(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			group, template := get[model.Group](t, set, model.GroupKey(g.Name)), get[model.LaunchTemplate](t, set, model.TemplateKey(g.Name))
			if group.Template != template.Content.Digest() || !slices.Contains(group.Refs(), template.Key()) {
				t.Error(g.Name)
			}
		}
	})
}

func TestTheImageIsTheOneThatTheFactsFound(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			l, image := get[model.LaunchTemplate](t, set, model.TemplateKey(g.Name)), factsOf(c).Images[g.Name]
			if l.Content.AMI != image.ID || l.Content.Volume.Device != image.Device || l.Tags.Get(model.TagAMI) != image.Origin+" "+image.ID {
				t.Errorf("%s: %s from %s", g.Name, l.Content.AMI, l.Tags.Get(model.TagAMI))
			}
		}
	})
}

func TestTheImageIsPinnedAndNeverAParameterThatAWSResolves(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		for l := range model.Every[model.LaunchTemplate](&set) {
			if !regexp.MustCompile(`^ami-[0-9a-f]{17}$`).MatchString(l.Content.AMI) {
				t.Error(l.Content.AMI)
			}
		}
		for g := range model.Every[model.Group](&set) {
			if strings.Contains(g.Template, "$") || g.Template == "" {
				t.Errorf("%s launches from %q", g.Key(), g.Template)
			}
		}
	})
}

func TestAnImageThatWasKnownToNobodyLeavesNoMark(t *testing.T) {
	c := load(t, original)
	facts := factsOf(c)
	facts.Images = nil
	set := desired.Build(c, facts)
	if l := sole[model.LaunchTemplate](t, set); l.Content.AMI != "" {
		t.Error(l.Content.AMI)
	} else if _, there := l.Tags.Lookup(model.TagAMI); there {
		t.Error(l.Tags)
	}
}

func TestOnlyTheInstanceItselfReadsItsMetadataAndOnlyWithAToken(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		for l := range model.Every[model.LaunchTemplate](&set) {
			if l.Content.HTTPTokens != "required" || l.Content.HTTPEndpoint != "enabled" || l.Content.HopLimit != 1 {
				t.Error(l.Key())
			}
			if !strings.Contains(l.Content.UserData, "\nECS_AWSVPC_BLOCK_IMDS=true\n") && !strings.Contains(l.Content.UserData, "\nawsvpc-block-imds = true\n") {
				t.Errorf("tasks of %s read it too", l.Key())
			}
		}
	})
}

func TestVolumesAreEncryptedAndGoWithTheirInstances(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			l := get[model.LaunchTemplate](t, set, model.TemplateKey(g.Name)).Content
			rocket := g.AMIFamily == config.Bottlerocket
			if v := l.Volume; v.Type != g.Volume.Type || !v.Encrypted || !v.Delete || g.Volume.GiB == 0 && v.GiB != map[bool]int{false: 30, true: 20}[rocket] {
				t.Error(g.Name, v)
			}
			if v := l.SystemVolume; rocket && (v.Type != "gp3" || !v.Encrypted || !v.Delete || v.GiB != 2) || !rocket && v != (model.Volume{}) {
				t.Error(g.Name, v)
			}
		}
	})
}

func TestAVolumeIsWhatTheFileSays(t *testing.T) {
	const settings = `volume={ size_gib = 100, iops = 6000, throughput = 500, kms_key_id = "alias/own" }`
	for family, device := range map[string]string{"al2023": "/dev/xvda", "bottlerocket": "/dev/xvdb"} {
		set := build(t, original, settings, "ami_family="+family)
		l := sole[model.LaunchTemplate](t, set).Content
		want := model.Volume{Device: device, Type: "gp3", GiB: 100, IOPS: 6000, Throughput: 500, KMSKey: "alias/own", Encrypted: true, Delete: true}
		if l.Volume != want {
			t.Errorf("%s: %+v", family, l.Volume)
		}
		if s := l.SystemVolume; family == "bottlerocket" && (s.Device != "/dev/xvda" || s.KMSKey != "alias/own" || s.IOPS+s.Throughput != 0) {
			t.Errorf("%+v", s)
		}
	}
}

func TestAGroupsOwnKeyIsAPairThatItsTemplateRefersTo(t *testing.T) {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
	set := build(t, original, "ssh_public_key="+key+" ops@laptop")
	pair, l := sole[model.KeyPair](t, set), sole[model.LaunchTemplate](t, set)
	if pair.PublicKey != key || l.Content.KeyPair != pair.Key() || l.Content.KeyName != "" || !slices.Contains(l.Refs(), pair.Key()) {
		t.Error(pair, l.Content.KeyPair)
	}
	other := build(t, original, "ssh_public_key="+key+" somebody")
	if sole[model.KeyPair](t, other).Key() != pair.Key() {
		t.Error("the comment makes it another key")
	}
	another := build(t, original, "ssh_public_key=ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4g")
	if p := sole[model.KeyPair](t, another); p.Key() == pair.Key() || p.Name == pair.Name {
		t.Error("another key has the old one's name, which EC2 cannot give it")
	}
}

func TestOfSpotInstancesSomeAreOnDemandWhereTheFileSaysSo(t *testing.T) {
	g := sole[model.Group](t, build(t, original, "spot=true", "max_size=4", "on_demand_base=2", "on_demand_percentage=25", "spot_allocation_strategy=capacity-optimized"))
	if !g.Spot || g.OnDemandBase != 2 || g.OnDemandPercentage != 25 || g.SpotStrategy != "capacity-optimized" || g.OnDemandStrategy != "prioritized" {
		t.Errorf("%+v", g)
	}
	g = sole[model.Group](t, build(t, original, "on_demand_allocation_strategy=lowest-price"))
	if g.Spot || g.OnDemandBase != 0 || g.OnDemandPercentage != 100 || g.SpotStrategy != "" || g.OnDemandStrategy != "lowest-price" {
		t.Errorf("%+v", g)
	}
}

func TestARootVolumeHoldsItsImageAndAtLeastThirtyGiB(t *testing.T) {
	for least, want := range map[int]int{0: 30, 8: 30, 30: 30, 31: 31, 200: 200} {
		c := load(t, original)
		facts := factsOf(c)
		facts.Images["default"] = model.Image{ID: "ami-1", MinGiB: least}
		set := desired.Build(c, facts)
		if got := sole[model.LaunchTemplate](t, set).Content.Volume.GiB; got != want {
			t.Errorf("an image of %d GiB gets %d", least, got)
		}
	}
}

func TestInstancesHaveNoKeyUnlessTheFileNamesOneAndNobodyReachesTheirSSH(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			if l := get[model.LaunchTemplate](t, set, model.TemplateKey(g.Name)); l.Content.KeyName != g.KeyName {
				t.Errorf("%s has %q", g.Name, l.Content.KeyName)
			}
			for _, r := range get[model.SecurityGroup](t, set, model.InstanceGroupKey(g.Name)).Ingress {
				if r.From <= 22 && r.To >= 22 || r.Protocol == "-1" || r.CIDR != "" {
					t.Errorf("%s lets in %s", g.Name, r)
				}
			}
		}
		if !slices.Contains(get[model.Role](t, set, model.RoleKey("instance")).Managed, "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore") {
			t.Error("Session Manager does not reach them either")
		}
	})
}

func TestTheNodeRoleMayJoinTheClusterBeManagedAndWriteItsOwnLogs(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		r := get[model.Role](t, set, model.RoleKey("instance"))
		want := []string{"arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"}
		if !slices.Equal(slices.Sorted(slices.Values(r.Managed)), want) {
			t.Error(r.Managed)
		}
		for _, p := range r.Inline {
			for _, s := range statements(t, p.Document) {
				if p.Name == "logs" && !slices.Equal(s.Resource, []string{"arn:aws:logs:eu-west-1:123456789012:log-group:" + c.LogPrefix + "/var/log/*"}) {
					t.Errorf("it writes to %s", s.Resource)
				}
				if slices.ContainsFunc(s.Action, func(a string) bool { return strings.Contains(a, "*") }) {
					t.Errorf("it may %s", s.Action)
				}
			}
		}
	})
}

func TestTasksWithoutARoleOfTheirOwnMayDoNothingButReadParameters(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		policies := 0
		if c.ParameterPrefix != "" {
			policies = 1
		}
		if r := get[model.Role](t, set, model.RoleKey("task")); len(r.Managed) != 0 || len(r.Inline) != policies {
			t.Error(r)
		}
		if len(c.SystemContainers) > 0 {
			policies++ // their secrets
		}
		if len(c.Registries) > 0 {
			policies++ // their logins
		}
		if r := get[model.Role](t, set, model.RoleKey("execution")); len(r.Inline) != policies || len(r.Managed) != 1 {
			t.Error(r)
		}
	})
}

func TestRolesAreForOneServiceAndTasksOnlyOfThisAccount(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		for r := range model.Every[model.Role](&set) {
			if r.What == "deployer" {
				continue // it is for people and their tools
			}
			s := statements(t, r.Trust)
			account := s[0].Condition["StringEquals"]["aws:SourceAccount"]
			service := fmt.Sprint(s[0].Principal)
			if len(s) != 1 || s[0].Effect != "Allow" || (r.What == "instance") != (service == "map[Service:ec2.amazonaws.com]") {
				t.Errorf("%s trusts %s", r.Key(), r.Trust)
			}
			want := "map[Service:ecs-tasks.amazonaws.com]"
			if r.What == model.FlowLogRole {
				want = "map[Service:vpc-flow-logs.amazonaws.com]"
			}
			if r.What != "instance" && (account != "123456789012" || service != want) {
				t.Errorf("%s trusts %s", r.Key(), r.Trust)
			}
		}
	})
}

// statement is one statement of a policy as AWS reads it.
type statement struct {
	Effect    string
	Principal any
	Action    []string
	Resource  []string
	Condition map[string]map[string]string
}

func statements(t *testing.T, document string) []statement {
	t.Helper()
	var p struct {
		Version   string
		Statement []statement
	}
	if err := json.Unmarshal([]byte(document), &p); err != nil || p.Version != "2012-10-17" || len(p.Statement) == 0 {
		t.Fatal(document, err)
	}
	if model.CanonicalJSON(document) != document {
		t.Errorf("%s is not canonical: it would never equal what AWS answers", document)
	}
	return p.Statement
}

func TestTheBucketRefusesWhatIsNotEncryptedAndForgetsOldLeases(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		b := sole[model.Bucket](t, set)
		if !b.Versioning || b.Encryption != "AES256" || !b.PublicBlock || b.Ownership != "BucketOwnerEnforced" || b.ExpireAfter != 1 || b.ExpirePrefix != "lease/" {
			t.Error(b)
		}
		s := statements(t, b.Policy)[0]
		all := "arn:aws:s3:::" + b.Name
		if s.Effect != "Deny" || s.Principal != "*" || s.Condition["Bool"]["aws:SecureTransport"] != "false" || !slices.Equal(s.Resource, []string{all, all + "/*"}) {
			t.Error(b.Policy)
		}
	})
}

func TestOtherPartitionsHaveTheirOwnARNs(t *testing.T) {
	c := load(t, original)
	facts := factsOf(c)
	facts.Scope.Partition = "aws-us-gov"
	set := desired.Build(c, facts)
	if all := text(set); strings.Contains(all, "arn:aws:") || !strings.Contains(all, "arn:aws-us-gov:iam::aws:policy/") {
		t.Error("they do not")
	}
}

func TestEveryGroupStandsInTheSubnetsOfAllZonesAndECSKnowsIt(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for g := range model.Every[model.Group](&set) {
			for _, z := range c.Zones {
				if !slices.Contains(g.Subnets, model.SubnetKey(model.Private, z.Name)) {
					t.Errorf("%s is not in %s", g.Key(), z.Name)
				}
			}
			if _, there := g.Tags.Lookup("AmazonECSManaged"); !there || len(g.Subnets) != len(c.Zones) || g.HealthCheck != "EC2" {
				t.Error(g)
			}
		}
	})
}

func TestNewInstancesAreProtectedExactlyWhereECSManagesTermination(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			group, p := get[model.Group](t, set, model.GroupKey(g.Name)), get[model.Provider](t, set, model.ProviderKey(g.Name))
			if group.ProtectNew != g.ManagedScaling || p.TerminationProtection != g.ManagedScaling || p.ManagedScaling != g.ManagedScaling {
				t.Errorf("%s: %v %v", g.Name, group.ProtectNew, p)
			}
		}
	})
}

func TestCapacityProvidersFillGroupsToTheFullAndDrainInstances(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		all := sole[model.ClusterProviders](t, set)
		for _, g := range c.Groups {
			p := get[model.Provider](t, set, model.ProviderKey(g.Name))
			if p.TargetCapacity != 100 || p.MinStep != 1 || p.MaxStep != 10000 || p.WarmupSeconds != 300 || !p.Draining || p.AutoScalingGroup != model.GroupKey(g.Name) {
				t.Error(p)
			}
			if !slices.Contains(all.Providers, p.Key()) {
				t.Errorf("the cluster does not have %s", p.Key())
			}
		}
		first := model.StrategyItem{Provider: model.ProviderKey(c.Groups[0].Name), Weight: 1}
		if len(all.Providers) != len(c.Groups) || !slices.Equal(all.Strategy, []model.StrategyItem{first}) {
			t.Error(all)
		}
	})
}

func TestInstancesStartOnlyWhenTheirProviderAndAllWaysOutStand(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for _, g := range c.Groups {
			capacity := get[model.Capacity](t, set, model.CapacityKey(g.Name))
			if capacity.Min != g.Min || capacity.Desired != g.Desired || get[model.Group](t, set, model.GroupKey(g.Name)).Max != g.Max {
				t.Error(capacity)
			}
			needs := capacity.Refs()
			for _, z := range c.Zones {
				if !slices.Contains(needs, model.RouteKey(model.Private, z.Name)) || !slices.Contains(needs, model.RouteKey(model.Public, z.Name)) {
					t.Errorf("%s: the routes of %s are not awaited", g.Name, z.Name)
				}
			}
			if !slices.Contains(needs, model.ClusterProvidersKey()) || !slices.Contains(needs, model.GroupKey(g.Name)) {
				t.Error(needs)
			}
		}
	})
}

func TestAReplacementStartsBeforeTheOldInstanceGoes(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		for g := range model.Every[model.Group](&set) {
			if g.MinHealthyPercent != 100 || g.MaxHealthyPercent <= 100 || g.MaxHealthyPercent-g.MinHealthyPercent > 100 {
				t.Error(g.Key(), g.MinHealthyPercent, g.MaxHealthyPercent)
			}
		}
	})
}

func TestNoGroupIsDeletedWithItsInstancesByMistake(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		for g := range model.Every[model.Group](&set) {
			if g.DeletionProtection != "prevent-force-deletion" {
				t.Error(g.Key(), g.DeletionProtection)
			}
		}
	})
}

func TestSpotInstancesComeFromTheDeepestPoolsAreRebalancedAndDrained(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		spot := false
		for _, g := range c.Groups {
			spot = spot || g.Spot
			group := get[model.Group](t, set, model.GroupKey(g.Name))
			strategy := map[bool]string{true: "price-capacity-optimized"}[g.Spot]
			if group.Spot != g.Spot || group.SpotStrategy != strategy || group.CapacityRebalance != g.Spot || !slices.Equal(group.InstanceTypes, g.InstanceTypes) {
				t.Error(group)
			}
			script := get[model.LaunchTemplate](t, set, model.TemplateKey(g.Name)).Content.UserData
			drained := strings.Contains(script, "\nECS_ENABLE_SPOT_INSTANCE_DRAINING=true\n") || strings.Contains(script, "\nenable-spot-instance-draining = true\n")
			if drained != g.Spot {
				t.Errorf("%s: drained is not %v", g.Name, g.Spot)
			}
		}
		if set.Has(model.ServiceRoleKey("spot")) != spot {
			t.Error("the role of EC2 Spot")
		}
	})
}

func TestContainerInsightsAreEnhancedUnlessTheFileSaysOtherwise(t *testing.T) {
	for want, vars := range map[string][]string{"enhanced": nil, "enabled": {"container_insights=enabled"}, "disabled": {"container_insights=disabled"}} {
		if got := sole[model.Cluster](t, build(t, original, vars...)).Insights; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestEveryLogFileHasAGroupThatEnds(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		files := desired.LogFiles()
		for _, s := range c.SystemContainers {
			files = append(files, desired.ContainerLog(s.Name))
		}
		for _, file := range files {
			l := get[model.LogGroup](t, set, model.LogGroupKey(file))
			if l.Name != c.LogPrefix+file || l.Days != c.LogRetentionDays || l.Days == 0 {
				t.Error(l)
			}
		}
		for l := range model.Every[model.LogGroup](&set) {
			if l.Days == 0 || !slices.Contains(append(files, model.FlowLogGroup), l.File) {
				t.Error(l)
			}
		}
	})
}

func TestLoadBalancersDropInvalidHeadersAreProtectedAndLetTargetsGoSoon(t *testing.T) {
	bothFiles(t, func(t *testing.T, conf *config.Config, set model.Set) {
		for l := range model.Every[model.LoadBalancer](&set) {
			lb := conf.LoadBalancers[slices.IndexFunc(conf.LoadBalancers, func(lb config.LoadBalancer) bool { return lb.Key == l.Balancer })]
			if l.Settings.Get("routing.http.drop_invalid_header_fields.enabled") != "true" || l.Settings.Get("deletion_protection.enabled") != "true" {
				t.Error(l)
			}
			tg := get[model.TargetGroup](t, set, model.TargetGroupKey(l.Balancer))
			if tg.Settings.Get("deregistration_delay.timeout_seconds") != strconv.Itoa(lb.DeregistrationDelay) || lb.DeregistrationDelay > 30 || tg.Check.Interval*tg.Check.Unhealthy > 60 || tg.Check.Timeout >= tg.Check.Interval {
				t.Error(tg)
			}
			if listener := get[model.Listener](t, set, model.ListenerKey(l.Balancer, 80)); listener.Target.IsZero() != lb.TLS.Redirect || listener.Protocol != "HTTP" {
				t.Error(listener)
			}
		}
		for c := range model.Every[model.ClassicLoadBalancer](&set) {
			if !c.CrossZone || c.DrainSeconds == 0 || c.Check.Timeout >= c.Check.Interval {
				t.Error(c)
			}
		}
	})
}

func TestWithACertificatePort80OnlySendsClientsToHTTPS(t *testing.T) {
	const arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
	for settings, want := range map[string]string{
		`certificate_arn = "` + arn + `"`:                        "80 HTTP_301 to HTTPS://#{host}:443/#{path}?#{query}, 443 target_group.default",
		`certificate_arn = "` + arn + `", redirect_http = false`: "80 target_group.default, 443 target_group.default",
		``: "80 target_group.default",
	} {
		set := build(t, original, "load_balancers={ default = { "+settings+" } }")
		var got []string
		for _, port := range []int{80, 443} {
			if l, ok := model.Find[model.Listener](&set, model.ListenerKey("", port)); ok {
				got = append(got, fmt.Sprintf("%d %s%s", port, l.Target, l.Redirect))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("with %s: %s", settings, got)
		}
	}
}

func TestTheDefaultLoadBalancerKeepsItsNameWhenTheFileSpeaksOfIt(t *testing.T) {
	before, after := build(t, original), build(t, original, "load_balancers={ default = {} }")
	for r := range before.All() {
		if other, ok := after.Get(r.Key()); !ok || fmt.Sprint(other.Attrs()) != fmt.Sprint(r.Attrs()) {
			t.Errorf("%s changes", r.Key())
		}
	}
	if before.Len() != after.Len() {
		t.Error("there is more than before")
	}
}

func TestClassicLoadBalancersAskForAPathWhereTheFileNamesOne(t *testing.T) {
	for settings, want := range map[string]string{
		"": "TCP:80", `instance_port = 8080`: "TCP:8080", `health_check = { path = "/ok" }`: "HTTP:80/ok",
		`instance_port = 8080, health_check = { path = "/ok", port = 81 }`: "HTTP:81/ok",
	} {
		set := build(t, original, `load_balancers={ old = { type = "classic", `+settings+` } }`)
		if got := get[model.ClassicLoadBalancer](t, set, model.ClassicKey("old")).Check.Target; got != want {
			t.Errorf("%s: %s, want %s", settings, got, want)
		}
	}
}

func TestTheSettingsOfLoadBalancersAreThoseThatAreObserved(t *testing.T) {
	bothFiles(t, func(t *testing.T, _ *config.Config, set model.Set) {
		check := func(k model.Key, s model.Settings, owned []string) {
			var names []string
			for _, one := range s {
				names = append(names, one.Name)
			}
			if !slices.Equal(names, owned) {
				t.Errorf("%s sets %q, and %q are looked at", k, names, owned)
			}
		}
		for l := range model.Every[model.LoadBalancer](&set) {
			check(l.Key(), l.Settings, model.BalancerSettings())
		}
		for g := range model.Every[model.TargetGroup](&set) {
			check(g.Key(), g.Settings, model.TargetSettings())
		}
	})
}

func TestLoadBalancersStandWhereTheirClientsAre(t *testing.T) {
	set := build(t, everything)
	for key, tier := range map[string]model.Tier{"public": model.Public, "internal": model.Private} {
		l := get[model.LoadBalancer](t, set, model.LoadBalancerKey(key))
		if len(l.Subnets) != 3 || !slices.Contains(l.Subnets, model.SubnetKey(tier, "eu-west-1c")) || (l.Scheme == "internal") != (tier == model.Private) {
			t.Error(l)
		}
	}
	for key, tier := range map[string]model.Tier{"old": model.Public, "inside": model.Private} {
		c := get[model.ClassicLoadBalancer](t, set, model.ClassicKey(key))
		if len(c.Subnets) != 3 || !slices.Contains(c.Subnets, model.SubnetKey(tier, "eu-west-1c")) || (c.Scheme == "internal") != (tier == model.Private) {
			t.Error(c)
		}
	}
}

func TestOnlyInstancesThatRegisterWithAClassicLoadBalancerOpenItsPort(t *testing.T) {
	set := build(t, everything)
	for group, want := range map[string]string{
		"web":    "lb/inside 80, lb/inside 81, lb/internal 32768, lb/old 8080, lb/public 32768, lb/public 8081",
		"legacy": "lb/internal 32768, lb/old 8080, lb/public 32768, lb/public 8081",
		"batch":  "lb/internal 32768, lb/public 32768, lb/public 8081",
	} {
		var got []string
		for _, r := range get[model.SecurityGroup](t, set, model.InstanceGroupKey(group)).Ingress {
			got = append(got, fmt.Sprintf("%s %d", r.Group.Name, r.From))
		}
		if s := strings.Join(slices.Sorted(slices.Values(got)), ", "); s != want {
			t.Errorf("%s lets in %s", group, s)
		}
	}
}

func TestWithoutLoadBalancersNobodyReachesTheInstances(t *testing.T) {
	set := build(t, original, "load_balancers={}")
	if g := get[model.SecurityGroup](t, set, model.InstanceGroupKey("default")); len(g.Ingress) != 0 {
		t.Error(g.Ingress)
	}
	for _, k := range []model.Kind{model.KindLoadBalancer, model.KindClassic, model.KindTargetGroup, model.KindListener} {
		for r := range set.All() {
			if r.Key().Kind == k {
				t.Errorf("there is %s", r.Key())
			}
		}
	}
}

func TestASingleNATGatewayStandsInTheFirstZoneAndServesAll(t *testing.T) {
	for nat, want := range map[string]int{"single": 1, "per_az": 3} {
		set := build(t, everything, "nat="+nat)
		gateways := slices.Collect(model.Every[model.NATGateway](&set))
		if len(gateways) != want || gateways[0].Subnet != model.SubnetKey(model.Public, "eu-west-1a") || len(slices.Collect(model.Every[model.ElasticIP](&set))) != want {
			t.Error(nat, gateways)
		}
		r := get[model.Route](t, set, model.RouteKey(model.Private, "eu-west-1c"))
		if stands := map[string]string{"single": "eu-west-1a", "per_az": "eu-west-1c"}[nat]; r.Target != model.NATGatewayKey(stands) || r.Destination != "0.0.0.0/0" {
			t.Error(nat, r)
		}
	}
}
