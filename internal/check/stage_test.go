package check_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/plan"
)

// load reads one file, over three zones unless it says otherwise, and fails the test on any fault.
func load(t *testing.T, text string) *config.Config {
	t.Helper()
	t.Chdir(t.TempDir())
	sources := config.Sources{Environ: []string{
		"TF_VAR_environment=acc", "TF_VAR_aws_region=eu-west-1", `TF_VAR_availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"]`,
	}}
	if text != "" { // a file without settings is a fault
		sources.Files = []string{"ecs.tfvars"}
		if err := os.WriteFile("ecs.tfvars", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, faults := config.Load(sources)
	if len(faults) > 0 {
		t.Fatalf("unexpected faults:\n%s", faults)
	}
	return c
}

// zonesOf turns letters into zones: "ab" is eu-west-1a and eu-west-1b.
func zonesOf(letters string) []string {
	var out []string
	for _, l := range letters {
		out = append(out, "eu-west-1"+string(l))
	}
	return out
}

// plain is a world in which all zones have all types and every image is the newest.
func plain(c *config.Config) model.Facts {
	f := model.Facts{
		Scope: model.Scope{Account: "123456789012", Region: c.Region, Partition: "aws", Environment: c.Environment, Cluster: c.Cluster},
		Types: map[string]model.Type{}, Images: map[string]model.Image{}, Registries: map[string]model.Registry{},
	}
	for _, e := range c.Endpoints {
		if f.Services == nil {
			f.Services = map[string]model.EndpointService{}
		}
		f.Services[e.Service] = model.EndpointService{
			Name: f.Scope.EndpointService(e.Service), Types: []string{model.EndpointType(e.Service)}, Zones: zonesOf("abc"), Policies: true, PrivateDNS: true,
		}
	}
	for _, z := range zonesOf("abc") {
		f.Zones = append(f.Zones, model.Zone{Name: z})
	}
	for _, g := range c.Groups {
		for _, name := range g.InstanceTypes {
			one := model.Type{Name: name, VCPU: 2, MemoryMiB: memory(name), Arch: []string{g.Arch}, Zones: zonesOf("abcdef")}
			switch g.Accelerator {
			case config.GPU:
				one.GPUs = 1
			case config.Neuron:
				one.Neuron = 1
			}
			f.Types[name] = one
		}
		image := model.Image{ID: "ami-00000000000000001", Origin: g.AMIFamily + "/" + g.Arch, Device: "/dev/xvda", MinGiB: 30, Arch: g.Arch}
		if g.AMI != "" {
			image.ID, image.Origin = g.AMI, "given"
		}
		f.Images[g.Name] = image
	}
	return f
}

func memory(name string) int {
	_, size, _ := strings.Cut(name, ".")
	switch size {
	case "nano":
		return 512
	case "micro":
		return 1024
	case "small":
		return 2048
	}
	return 8192
}

// look is what is known when a plan is made.
func look(t *testing.T, c *config.Config, facts model.Facts, have model.Inventory) check.Input {
	t.Helper()
	want := desired.Build(c, facts)
	p, err := plan.Make(want, have)
	if err != nil {
		t.Fatal(err)
	}
	return check.Input{Config: c, Facts: facts, Want: want, Have: have, Plan: p}
}

// alter changes the plain world by lines such as "zones ab", "type c7g.large arm64 ab", "no type m9.large",
// "no service sqs", "service sqs interface ab", "flowing Access error", "leaving",
// "image default newest=ami-2", "instances default 3 2", "registry ghcr.io unset wanted", "lodger web public", "at 2026-11-02" and "standing".
func alter(t *testing.T, lines string, f *model.Facts, have *model.Inventory) {
	t.Helper()
	for line := range strings.Lines(lines) {
		w := strings.Fields(line)
		switch w[0] {
		case "zones":
			f.Zones = nil
			for _, z := range zonesOf(strings.Join(w[1:], "")) {
				f.Zones = append(f.Zones, model.Zone{Name: z})
			}
		case "type", "no", "accelerators", "service":
			alterOffer(w, f)
		case "image":
			f.Images[w[1]] = imageOf(t, f.Images[w[1]], w[2:])
		case "instances":
			have.Add(groupOf(t, w[1], w[2], w[3]), model.Handle{})
		case "registry":
			f.Registries[w[1]] = registryOf(t, w[2:])
		case "at":
			have.At, _ = time.Parse(time.DateOnly, w[1])
		case "queue", "asked", "pending", "confirmed":
			alterAlerts(line, w, f, have)
		case "vpc", "subnet", "endpoint", "dns":
			alterExisting(t, w, f)
		case "lodger":
			have.Add(model.LoadBalancer{Balancer: w[2], Name: w[2]}, model.Handle{ID: w[2]})
			have.Lodgers = append(have.Lodgers, model.Lodger{Service: w[1], Balancer: model.LoadBalancerKey(w[2])})
		case "flowing", "leaving", "exec", "standing", "moved":
			stand(w, have)
		default:
			t.Fatalf("unknown line %q", line)
		}
	}
}

// alterOffer changes what AWS offers: instance types, and services with interface endpoints.
func alterOffer(w []string, f *model.Facts) {
	switch w[0] {
	case "type":
		f.Types[w[1]] = model.Type{Name: w[1], MemoryMiB: memory(w[1]), Arch: []string{w[2]}, Zones: zonesOf(strings.Join(w[3:], ""))}
	case "no":
		delete(f.Types, w[2])
		delete(f.Services, w[2])
	case "accelerators":
		one := f.Types[w[1]]
		one.GPUs, _ = strconv.Atoi(w[2])
		one.Neuron, _ = strconv.Atoi(w[3])
		f.Types[w[1]] = one
	case "service":
		f.Services[w[1]] = model.EndpointService{Types: []string{w[2]}, Zones: zonesOf(strings.Join(w[3:], ""))}
	}
}

// alterAlerts changes who is told: the queues that alerts go to, and how far subscriptions are confirmed.
func alterAlerts(line string, w []string, f *model.Facts, have *model.Inventory) {
	switch w[0] {
	case "queue":
		_, policy, _ := strings.Cut(line, w[1]+" ")
		q := model.AlertQueue{ARN: w[1], Policy: strings.TrimSpace(policy), Missing: policy == "missing\n"}
		if key, encrypted := strings.CutPrefix(q.Policy, "key "); encrypted {
			q.Key, q.Policy = key, ""
		}
		f.Heard = append(f.Heard, q)
	case "asked":
		f.Asked = w[1]
	case "pending":
		have.Add(model.Subscription{Name: w[1], Protocol: w[2], Endpoint: w[3]}, model.SubscriptionHandle("PendingConfirmation"))
	case "confirmed":
		arn := "arn:aws:sns:eu-west-1:123456789012:ecs_events_acc_acc:1"
		have.Add(model.Subscription{Name: w[1], Protocol: w[2], Endpoint: w[3]}, model.SubscriptionHandle(arn))
	}
}

func registryOf(t *testing.T, settings []string) model.Registry {
	t.Helper()
	var r model.Registry
	for _, s := range settings {
		switch s {
		case "missing":
			r.Missing = true
		case "unset":
			r.Unset = true
		case "wanted":
			r.Wanted = true
		default:
			t.Fatalf("unknown setting %q", s)
		}
	}
	return r
}

// stand adds to what stands.
func stand(w []string, have *model.Inventory) {
	switch w[0] {
	case "flowing":
		have.Add(model.FlowLog{}, model.Handle{ID: "fl-0123456789abcdef0", Reason: strings.Join(w[1:], " ")})
	case "leaving":
		have.Add(model.Route{Tier: model.Private, Zone: "eu-west-1a"}, model.Handle{ID: "rtb-0123456789abcdef0|0.0.0.0/0"})
	case "exec":
		have.Add(model.Cluster{Name: "shop", ExecLogs: true}, model.Handle{ID: "shop"})
	case "standing":
		have.Add(model.VPC{}, model.Handle{ID: "vpc-0123456789abcdef0"})
		have.Add(model.LoadBalancer{}, model.Handle{ARN: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/acc-acc/1"})
	case "moved":
		have.Add(model.VPC{}, model.Handle{ID: w[1]})
		have.Add(model.SecurityGroup{Role: model.InstanceGroupKey("default").Name, VPC: model.VPCKey()}, model.Handle{ID: "sg-1"})
	}
}

// alterExisting describes a VPC of others: "vpc vpc-1 10.9.0.0/16 shared", perhaps followed by "own"; "subnet private a
// subnet-1 10.9.50.0/24 nat-1", followed by "free=9", "vpc=vpc-2", "name=x", "dead", "public" or "s3"; "endpoint ecs";
// "dns off".
func alterExisting(t *testing.T, w []string, f *model.Facts) {
	t.Helper()
	if f.Existing == nil {
		f.Existing = &model.ExistingVPC{DNSSupport: true, DNSHostnames: true}
	}
	e := f.Existing
	switch w[0] {
	case "vpc":
		e.Candidates = append(e.Candidates, model.Candidate{ID: w[1], CIDR: w[2], Name: w[3], Own: slices.Contains(w, "own")})
		e.CIDRs = []string{w[2]}
	case "endpoint":
		e.Endpoints = append(e.Endpoints, model.ExistingEndpoint{Service: w[1], Private: true})
	case "dns":
		e.DNSSupport = false
	case "subnet":
		s := model.ExistingSubnet{Tier: model.Tier(w[1]), Zone: "eu-west-1" + w[2], ID: w[3], CIDR: w[4], Out: w[5], Free: 251, VPC: "vpc-0a1b2c3d"}
		if s.Out == "-" {
			s.Out = ""
		}
		for _, word := range w[6:] {
			set(t, &s, word)
		}
		e.Subnets = append(e.Subnets, s)
	}
}

func set(t *testing.T, s *model.ExistingSubnet, word string) {
	t.Helper()
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "free":
		s.Free, _ = strconv.Atoi(value)
	case "vpc":
		s.VPC = value
	case "name":
		s.Name = value
	case "dead":
		s.Dead = true
	case "public":
		s.AutoPublicIP = true
	case "s3":
		s.S3 = true
	default:
		t.Fatalf("unknown word %q", word)
	}
}

func imageOf(t *testing.T, i model.Image, settings []string) model.Image {
	t.Helper()
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		switch name {
		case "newest":
			i.Newest = value
		case "name":
			i.Name = value
		case "arch":
			i.Arch = value
		case "missing":
			i.Missing = true
		case "private":
			i.Private = true
		case "deprecated":
			i.Deprecated, _ = time.Parse(time.DateOnly, value)
		case "gib":
			i.MinGiB, _ = strconv.Atoi(value)
		default:
			t.Fatalf("unknown setting %q", s)
		}
	}
	return i
}

func groupOf(t *testing.T, name, all, old string) model.Group {
	t.Helper()
	n, err := strconv.Atoi(all)
	if err != nil {
		t.Fatal(err)
	}
	o, err := strconv.Atoi(old)
	if err != nil {
		t.Fatal(err)
	}
	g := model.Group{Group: name}
	for i := range n {
		member := model.Instance{ID: fmt.Sprintf("i-%017d", n-i)}
		if i < o {
			member.Reasons = []model.Reason{{Kind: model.OldAMI, Have: "ami-1", Want: "ami-2"}}
		}
		g.Instances = append(g.Instances, member)
	}
	return g
}

// text is findings as the golden files have them.
func text(findings []check.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s: ", f.Severity)
		if f.Where != (config.Range{}) {
			fmt.Fprintf(&b, "%s: ", f.Where)
		}
		fmt.Fprintf(&b, "%s [%s]\n", f.Text, f.Code)
		if f.Snippet != "" {
			b.WriteString(f.Snippet + "\n")
		}
		if f.Fix != "" {
			fmt.Fprintf(&b, "fix: %s\n", f.Fix)
		}
	}
	return b.String()
}

// codes are the codes of findings of a severity, in order, each once.
func codes(findings []check.Finding, s check.Severity) []string {
	var out []string
	for _, f := range findings {
		if f.Severity == s {
			out = append(out, f.Code)
		}
	}
	return slices.Compact(out)
}
