package render

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/plan"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

// The files of the clusters that the tests show.
const (
	original = `
environment          = "acc"
aws_region           = "eu-west-1"
vpc_cidr             = "10.0.0.0/16"
public_subnet_cidrs  = ["10.0.0.0/24", "10.0.1.0/24"]
private_subnet_cidrs = ["10.0.50.0/24", "10.0.51.0/24"]
availability_zones   = ["eu-west-1a", "eu-west-1b"]
max_size             = 1
min_size             = 1
desired_capacity     = 1
instance_type        = "t2.micro"
`
	shop = `
environment        = "prod"
cluster            = "shop"
aws_region         = "eu-west-1"
vpc_cidr           = "10.20.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat                = "single"
instance_type      = "m7i.large"
min_size           = 3
desired_capacity   = 6
max_size           = 12
load_balancers = {
  public   = { certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/0f0e0d0c-0b0a-4908-8706-050403020100" }
  internal = { scheme = "internal" }
  legacy   = { type = "classic", instance_port = 8080 }
}
instance_groups = {
  batch = { instance_type = ["c7g.large", "c6g.large"], spot = true, max_size = 8 }
}
tags = { team = "platform" }
`
)

// wanted is a view of a cluster of which nothing stands.
func wanted(t *testing.T, file string) View {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ecs.tfvars")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{path}})
	if c == nil {
		t.Fatal(faults)
	}
	v := View{Version: "1.0.0", At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	v.Scope = model.Scope{Account: "123456789012", Region: c.Region, Partition: "aws", Environment: c.Environment, Cluster: c.Cluster}
	v.Facts = model.Facts{Scope: v.Scope, Images: map[string]model.Image{}, Types: map[string]model.Type{}}
	for i, letter := range "abc" {
		v.Facts.Zones = append(v.Facts.Zones, model.Zone{Name: c.Region + string(letter), ID: fmt.Sprintf("euw1-az%d", i+1)})
	}
	for _, g := range c.Groups {
		v.Facts.Images[g.Name] = model.Image{ID: "ami-0abc123456789" + g.Name[:1], Origin: "al2023/x86_64", Device: "/dev/xvda", MinGiB: 30}
		for _, name := range g.InstanceTypes {
			v.Facts.Types[name] = model.Type{Name: name, VCPU: 2, MemoryMiB: 8192}
		}
	}
	v.Want = desired.Build(c, v.Facts)
	return v
}

// stand puts everything that is wanted on AWS, with ids, addresses and instances.
func (v *View) stand() {
	v.Have, v.Agents, v.AMIs = model.Inventory{}, map[string]bool{}, map[string]string{}
	n := 0
	for r := range v.Want.All() {
		n++
		id := fmt.Sprintf("%s-%03d", r.Key().Kind, n)
		h := model.Handle{ID: id, ARN: "arn:aws:x:eu-west-1:123456789012:" + id}
		switch one := r.(type) {
		case model.ElasticIP, model.NATGateway:
			h.Address = fmt.Sprintf("203.0.113.%d", 9+strings.Index("abc", r.Key().Name[len(r.Key().Name)-1:]))
		case model.LoadBalancer:
			h.Address = one.Name + "-1234567890.eu-west-1.elb.amazonaws.com"
		case model.ClassicLoadBalancer:
			h.Address = one.Name + "-9876543210.eu-west-1.elb.amazonaws.com"
		case model.Group:
			r = v.fill(one)
		}
		v.Have.Add(r, h)
	}
}

// fill gives a group its instances, zone after zone.
func (v *View) fill(g model.Group) model.Group {
	size, _ := model.Find[model.Capacity](&v.Want, model.CapacityKey(g.Group))
	g.Min, g.Desired = size.Min, size.Desired
	for i := range size.Desired {
		id := fmt.Sprintf("i-%s%d", g.Group, i)
		_, zone, _ := strings.Cut(g.Subnets[i%len(g.Subnets)].Name, "/")
		g.Instances = append(g.Instances, model.Instance{ID: id, Zone: zone, Type: g.InstanceTypes[0], State: "InService", Health: "Healthy"})
		v.Agents[id], v.AMIs[id] = true, v.Facts.Images[g.Group].ID
	}
	return g
}

// plan compares.
func (v View) planned(t *testing.T) View {
	t.Helper()
	p, err := plan.Make(v.Want, v.Have)
	if err != nil {
		t.Fatal(err)
	}
	v.Plan = p
	return v
}

// drift changes what stands.
func drift[R model.Resource](v *View, k model.Key, change func(*R)) {
	r, ok := model.Find[R](&v.Have.Set, k)
	if !ok {
		panic("nothing stands at " + k.String())
	}
	change(&r)
	v.Have.Add(r, v.Have.Handle(k))
}

// found is what the screens show as found.
func found() []check.Finding {
	return []check.Finding{
		{
			Code: "HA101", Severity: check.Error, Text: "the cluster stands in one zone: when it fails, so does everything",
			Fix: "name a second zone in availability_zones", Where: config.Range{File: "ecs.tfvars", Line: 10, Column: 22},
			Snippet: "  10 | availability_zones = [\"eu-west-1a\"]\n     |                       ^^^^^^^^^^^^^^",
		},
		{Code: "HA104", Severity: check.Warning, Text: "one NAT gateway serves three zones", Fix: "set nat = \"per_az\"\nor live with it"},
		{Code: "AMI001", Severity: check.Info, Text: "a newer AMI is out: \x1b[31mami-0def\x1b[0m"},
	}
}
