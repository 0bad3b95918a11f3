package config_test

import (
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"

	"berth/internal/config"
)

// load reads one file's text and fails the test on any fault.
func load(t *testing.T, text string, vars ...string) *config.Config {
	t.Helper()
	write(t, map[string]string{"ecs.tfvars": text})
	c, faults := config.Load(config.Sources{Files: []string{"ecs.tfvars"}, Vars: vars})
	if len(faults) > 0 {
		t.Fatalf("unexpected faults:\n%s", faults)
	}
	return c
}

const minimal = `
environment        = "acc"
aws_region         = "eu-west-1"
availability_zones = ["eu-west-1a", "eu-west-1b"]
`

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops"

func prefix(text string) netip.Prefix { return netip.MustParsePrefix(text) }

// same compares the exported fields: the places of values are another test's business.
func same(t *testing.T, got, want any) {
	t.Helper()
	a, b := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if f.IsExported() && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			t.Errorf("%s is %#v, want %#v", f.Name, a.Field(i).Interface(), b.Field(i).Interface())
		}
	}
}

func TestTheOriginalFileWorksAsItStands(t *testing.T) {
	text, err := os.ReadFile("../../ecs.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	same(t, *load(t, string(text)), config.Config{
		Environment: "acc", Cluster: "acc", Region: "eu-west-1", Profile: "",
		VPCCIDR: prefix("10.0.0.0/16"),
		Zones: []config.Zone{
			{Name: "eu-west-1a", PublicCIDR: prefix("10.0.0.0/24"), PrivateCIDR: prefix("10.0.50.0/24")},
			{Name: "eu-west-1b", PublicCIDR: prefix("10.0.1.0/24"), PrivateCIDR: prefix("10.0.51.0/24")},
		},
		NAT: config.PerAZ, FlowLogs: config.FlowLogs{Seconds: 600},
		Groups: []config.Group{{
			Name: "default", InstanceTypes: []string{"t2.micro"}, Arch: config.X86, AMIFamily: config.AL2023,
			SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
			ManagedScaling: true, SurgeBeyondMax: true, Min: 1, Desired: 1, Max: 1, LoggingDrivers: []string{"json-file", "awslogs"},
		}},
		LoadBalancers: []config.LoadBalancer{usual(config.LoadBalancer{
			Type: config.Application, Scheme: config.External, AllowCIDRs: []netip.Prefix{prefix("0.0.0.0/0")},
		})},
		LogPrefix: "acc_acc", LogRetentionDays: 30, ContainerInsights: "enhanced",
	})
}

// usual fills in what a load balancer has that the file does not speak of.
func usual(b config.LoadBalancer) config.LoadBalancer {
	b.Check = config.HealthCheck{Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 2}
	if b.Type == config.Application {
		b.Check.Path, b.Check.Codes = "/", "200"
	}
	b.DeregistrationDelay, b.IdleTimeout = 30, 60
	return b
}

func TestThreeSettingsAreEnough(t *testing.T) {
	c := load(t, minimal)
	same(t, c.Groups[0], config.Group{
		Name: "default", InstanceTypes: []string{"m7i.large"}, Arch: config.X86, AMIFamily: config.AL2023,
		SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
		ManagedScaling: true, SurgeBeyondMax: true, Min: 2, Desired: 2, Max: 4, LoggingDrivers: []string{"json-file", "awslogs"},
	})
	same(t, c.Zones[1], config.Zone{Name: "eu-west-1b", PublicCIDR: prefix("10.0.1.0/24"), PrivateCIDR: prefix("10.0.51.0/24")})
}

func TestEverySettingReachesTheConfig(t *testing.T) {
	c := load(t, `
environment          = "prod"
cluster_name         = "shop"
aws_region           = "eu-west-1"
aws_profile          = "company"
vpc_cidr             = "10.20.0.0/16"
availability_zones   = ["eu-west-1c", "eu-west-1a"]
public_subnet_cidrs  = ["10.20.1.0/24", "10.20.2.0/24"]
private_subnet_cidrs = ["10.20.3.0/24", "10.20.4.0/24"]
nat                  = "single"
instance_group       = "web"
instance_type        = ["m7g.large", "m6g.large"]
ami_family           = "al2"
ecs_aws_ami          = "ami-0123456789abcdef0"
min_size             = 3
desired_capacity     = 6
max_size             = 12
managed_scaling      = false
surge_beyond_max     = false
key_pair_name        = "ops"
custom_userdata      = "echo ready"
ecs_logging          = ["awslogs"]
attributes           = { stack = "blue", a = "b" }
volume             = { size_gib = 100, iops = 6000, throughput = 500, kms_key_id = "alias/instances" }
on_demand_allocation_strategy = "lowest-price"
instance_groups = {
  night = { max_size = 2, aws_ecs_ami = "", instance_type = "t3.small", key_name = "night" }
  batch = { spot = true, surge_beyond_max = true, min_size = 1, max_size = 8, attributes = { workload = "batch" }, load_balancers = []
    on_demand_base = 2, on_demand_percentage = 25, spot_allocation_strategy = "capacity-optimized", volume = { type = "gp2" }, ssh_public_key = "`+publicKey+`" }
}
load_balancers = {
  public   = {
    certificate_arn      = ["arn:aws:acm:eu-west-1:123456789012:certificate/1", "arn:aws:iam::123456789012:server-certificate/2"]
    tls_policy           = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    redirect_http        = false
    health_check         = { path = "/health", port = 8081, codes = "200-299", interval = 10, timeout = 3, healthy_threshold = 3, unhealthy_threshold = 4 }
    deregistration_delay = 5
    idle_timeout         = 120
    access_logs          = "acme-logs/shop/prod"
  }
  internal = { scheme = "internal", allow_cidrs = ["10.20.0.0/16", "192.0.2.7/32"] }
  legacy   = { type = "classic", instance_port = 8080 }
  inner    = { type = "classic", scheme = "internal" }
}
vpc_endpoints      = ["sqs", "dynamodb", "com.amazonaws.eu-west-1.brand-new"]
flow_logs          = "arn:aws:s3:::archive/acc"
flow_log_interval  = 60
log_prefix         = "logs"
log_retention_days = 90
container_insights = "disabled"
protect            = true
tags               = { team = "platform", cost = 42 }

task_parameter_prefix = "/shop/prod/"
deployer = {
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  subjects          = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/api:*"]
}
`)
	everybody := []netip.Prefix{prefix("0.0.0.0/0")}
	web := config.Group{
		Name: "web", InstanceTypes: []string{"m7g.large", "m6g.large"}, Arch: config.ARM, AMIFamily: config.AL2, AMI: "ami-0123456789abcdef0",
		SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "lowest-price",
		Volume: config.Volume{GiB: 100, Type: "gp3", IOPS: 6000, Throughput: 500, KMSKey: "alias/instances"},
		Min:    3, Desired: 6, Max: 12, KeyName: "ops", CustomUserData: "echo ready", LoggingDrivers: []string{"awslogs"},
		Attributes: []config.Tag{{Key: "a", Value: "b"}, {Key: "stack", Value: "blue"}}, LoadBalancers: []string{"inner", "legacy"},
	}
	batch, night := web, web
	batch.Name, batch.Spot, batch.Min, batch.Desired, batch.Max = "batch", true, 1, 1, 8
	batch.SurgeBeyondMax = true
	batch.Attributes, batch.LoadBalancers = []config.Tag{{Key: "workload", Value: "batch"}}, nil
	batch.OnDemandBase, batch.OnDemandPercentage, batch.SpotStrategy = 2, 25, "capacity-optimized"
	batch.Volume, batch.KeyName, batch.SSHPublicKey = config.Volume{Type: "gp2"}, "", publicKey
	night.Name, night.Min, night.Desired, night.Max, night.AMI = "night", 0, 0, 2, ""
	night.InstanceTypes, night.Arch, night.KeyName = []string{"t3.small"}, config.X86, "night"
	same(t, *c, config.Config{
		Environment: "prod", Cluster: "shop", Region: "eu-west-1", Profile: "company", VPCCIDR: prefix("10.20.0.0/16"),
		Zones: []config.Zone{
			{Name: "eu-west-1c", PublicCIDR: prefix("10.20.1.0/24"), PrivateCIDR: prefix("10.20.3.0/24")},
			{Name: "eu-west-1a", PublicCIDR: prefix("10.20.2.0/24"), PrivateCIDR: prefix("10.20.4.0/24")},
		},
		NAT: config.Single, Groups: []config.Group{web, batch, night},
		Endpoints: []config.Endpoint{{Service: "brand-new", Setting: "vpc_endpoints[2]"}, {Service: "dynamodb", Setting: "vpc_endpoints[1]"}, {Service: "sqs", Setting: "vpc_endpoints[0]"}},
		FlowLogs:  config.FlowLogs{To: "arn:aws:s3:::archive/acc", Seconds: 60},
		LoadBalancers: []config.LoadBalancer{
			usual(config.LoadBalancer{Key: "inner", Type: config.Classic, Scheme: config.Internal, AllowCIDRs: []netip.Prefix{prefix("10.20.0.0/16")}, InstancePort: 80}),
			usual(config.LoadBalancer{Key: "internal", Type: config.Application, Scheme: config.Internal, AllowCIDRs: []netip.Prefix{prefix("10.20.0.0/16"), prefix("192.0.2.7/32")}}),
			usual(config.LoadBalancer{Key: "legacy", Type: config.Classic, Scheme: config.External, AllowCIDRs: everybody, InstancePort: 8080}),
			{
				Key: "public", Type: config.Application, Scheme: config.External, AllowCIDRs: everybody,
				TLS: config.TLS{
					Certificates: []string{"arn:aws:acm:eu-west-1:123456789012:certificate/1", "arn:aws:iam::123456789012:server-certificate/2"},
					Policy:       "ELBSecurityPolicy-TLS13-1-3-2021-06",
				},
				Check:               config.HealthCheck{Path: "/health", Port: 8081, Codes: "200-299", Interval: 10, Timeout: 3, Healthy: 3, Unhealthy: 4},
				DeregistrationDelay: 5, IdleTimeout: 120, AccessLogs: config.AccessLogs{Bucket: "acme-logs", Prefix: "shop/prod"},
			},
		},
		LogPrefix: "logs", LogRetentionDays: 90, ContainerInsights: "disabled", Protect: true,
		ParameterPrefix: "shop/prod", Deployer: config.Deployer{
			Provider: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
			Subjects: []string{"repo:acme/shop:ref:refs/heads/main", "repo:acme/api:*"}, Audience: "sts.amazonaws.com",
		},
		Tags: []config.Tag{{Key: "cost", Value: "42"}, {Key: "team", Value: "platform"}},
	})
}

func TestTheDefaultLoadBalancerCanBeNamed(t *testing.T) {
	c := load(t, minimal+`
load_balancers  = { default = { type = "classic" }, other = { type = "classic" } }
instance_groups = { batch = { max_size = 1, load_balancers = ["default"] } }
`)
	if lb := c.LoadBalancers[0]; lb.Key != "" || lb.Name() != "default" || c.Where(lb.Setting("type")) == (config.Range{}) {
		t.Errorf("%+v", lb)
	}
	if got := c.Groups[1].LoadBalancers; len(got) != 1 || got[0] != "" {
		t.Errorf("the group registers with %q", got)
	}
}

func TestNoLoadBalancersMeansNone(t *testing.T) {
	c := load(t, minimal+"load_balancers = {}")
	if len(c.LoadBalancers) != 0 {
		t.Error(c.LoadBalancers)
	}
}

func TestOneZoneIsEnoughWithoutAnApplicationLoadBalancer(t *testing.T) {
	c := load(t, `
environment = "dev"
aws_region  = "eu-west-1"
availability_zones = ["eu-west-1a"]
load_balancers = { old = { type = "classic" } }
`)
	if len(c.Zones) != 1 || c.Groups[0].Min != 1 {
		t.Error(c.Zones, c.Groups[0].Min)
	}
}

func TestTypesAreAsLaxAsTerraforms(t *testing.T) {
	c := load(t, minimal+`
cluster     = "c3"
min_size    = "2"
max_size    = 4.0
spot        = "true"
protect     = "false"
log_prefix  = 2026
tags        = { build = 7, on = true, 9 = "nine" }
`)
	if g := c.Groups[0]; g.Min != 2 || g.Max != 4 || !g.Spot || c.Protect || c.LogPrefix != "2026" {
		t.Error(g, c.Protect, c.LogPrefix)
	}
	if want := []config.Tag{{Key: "9", Value: "nine"}, {Key: "build", Value: "7"}, {Key: "on", Value: "true"}}; !reflect.DeepEqual(c.Tags, want) {
		t.Error(c.Tags)
	}
}

func TestSizesLeftOutFitThoseGiven(t *testing.T) {
	for _, c := range []struct {
		given              string
		least, start, most int
	}{
		{"", 2, 2, 4},
		{"min_size = 5", 5, 5, 10},
		{"desired_capacity = 1", 1, 1, 2},
		{"desired_capacity = 0", 0, 0, 1},
		{"max_size = 1", 1, 1, 1},
		{"max_size = 0", 0, 0, 0},
		{"min_size = 5000", 5000, 5000, 5000},
		{"desired_capacity = 3\nmax_size = 9", 2, 3, 9},
		{"min_size = 1\nmax_size = 9", 1, 1, 9},
	} {
		t.Run(c.given, func(t *testing.T) {
			g := load(t, minimal+c.given).Groups[0]
			if g.Min != c.least || g.Desired != c.start || g.Max != c.most {
				t.Errorf("got %d %d %d, want %d %d %d", g.Min, g.Desired, g.Max, c.least, c.start, c.most)
			}
		})
	}
}

func TestLineEndsAndByteOrderMarksDoNotMatter(t *testing.T) {
	want := load(t, minimal)
	for name, text := range map[string]string{
		"no newline at the end": strings.TrimSpace(minimal),
		"CRLF":                  strings.ReplaceAll(minimal, "\n", "\r\n"),
		"byte order mark":       "\ufeff" + minimal,
		"all of it":             "\ufeff" + strings.ReplaceAll(strings.TrimSpace(minimal), "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) { same(t, *load(t, text), *want) })
	}
}

func TestPlacesAreThoseOfTheFileDespiteAByteOrderMark(t *testing.T) {
	c := load(t, "\ufeffenvironment = \"acc\"\r\naws_region=\"eu-west-1\"\r\navailability_zones = [\r\n  \"eu-west-1a\",\r\n  \"eu-west-1b\"]\r\n")
	if got := c.Where("environment").String() + " " + c.Where("availability_zones[1]").String(); got != "ecs.tfvars:1:15 ecs.tfvars:5:3" {
		t.Error(got)
	}
}

func TestAScriptKeepsItsLinesAndLosesWindowsLineEnds(t *testing.T) {
	script := "custom_userdata = <<-EOT\n  echo $${HOME}\n    echo two\nEOT\n"
	for _, text := range []string{script, strings.ReplaceAll(script, "\n", "\r\n")} {
		if got := load(t, minimal+text).Groups[0].CustomUserData; got != "echo ${HOME}\n  echo two\n" {
			t.Errorf("%q", got)
		}
	}
}

func TestAUserScriptOfMoreThan8KBIsRefused(t *testing.T) {
	exact := load(t, minimal+`custom_userdata = "`+strings.Repeat("x", 8<<10)+`"`)
	if len(exact.Groups[0].CustomUserData) != 8<<10 {
		t.Error("8 KB are possible")
	}
	got := faultsOf(t, minimal+`custom_userdata = "`+strings.Repeat("x", 8<<10+1)+`"`)
	if !strings.Contains(got, "custom_userdata has 8193 bytes, and 8192 are possible [CFG021]") || len(got) > 1000 {
		t.Error(got)
	}
}

func TestWhereFindsWrittenValuesAndNotDefaults(t *testing.T) {
	c := load(t, minimal+`spot = true
instance_groups = {
  batch = { max_size = 8, attributes = { workload = "batch" } }
}
load_balancers = { public = { scheme = "external" } }
`, "max_size=9")
	for name, want := range map[string]string{
		"environment":                                "ecs.tfvars:2:22",
		"availability_zones[1]":                      "ecs.tfvars:4:37",
		"max_size":                                   "--var:1:10",
		"instance_groups.batch.max_size":             "ecs.tfvars:7:24",
		"instance_groups.batch.attributes.workload":  "ecs.tfvars:7:53",
		"instance_groups.batch.spot":                 "ecs.tfvars:5:8", // taken from the top level
		"load_balancers.public.scheme":               "ecs.tfvars:9:40",
		"nat":                                        "",
		"instance_groups.batch.min_size":             "",
		"ecs_logging":                                "",
		"nonsense":                                   "",
		c.Setting("batch", "max_size"):               "ecs.tfvars:7:24",
		c.Setting("default", "max_size"):             "--var:1:10",
		"instance_groups.batch.aws_ecs_ami":          "",
		"instance_groups.batch.attributes":           "ecs.tfvars:7:40",
		"load_balancers.public":                      "ecs.tfvars:9:29",
		"instance_groups.batch.attributes.elsewhere": "",
	} {
		if got := c.Where(name).String(); got != want {
			t.Errorf("%s stands at %q, want %q", name, got, want)
		}
	}
	if got, want := c.Snippet("instance_groups.batch.max_size"), "  7 |   batch = { max_size = 8, attributes = { workload = \"batch\" } }\n    |                        ^"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if c.Snippet("nat") != "" {
		t.Error("a default has no snippet")
	}
}

func TestArchitectureFollowsTheFamily(t *testing.T) {
	for _, arm := range []string{"a1.large", "t4g.micro", "m7g.large", "m7gd.large", "c7gn.large", "im4gn.large", "is4gen.large", "hpc7g.4xlarge", "g5g.xlarge", "x2gd.metal", "i8ge.large", "r8gb.large"} {
		if config.Arch(arm) != config.ARM {
			t.Error(arm, "is Graviton")
		}
	}
	for _, x86 := range []string{"t2.micro", "t3a.small", "m7i.large", "m7i-flex.large", "c7a.large", "g4dn.xlarge", "g4ad.xlarge", "g6e.xlarge", "gr6.4xlarge", "p5.48xlarge", "u-6tb1.metal", "u7i-12tb.224xlarge", "inf2.xlarge", "trn1n.32xlarge", "mac1.metal", "i7ie.large", "vt1.3xlarge"} {
		if config.Arch(x86) != config.X86 {
			t.Error(x86, "is not Graviton")
		}
	}
}
