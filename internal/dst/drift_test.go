package dst

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"berth/internal/apply"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/plan"
)

// everything has every kind of resource.
const everything = `
environment        = "acc"
aws_region         = "eu-west-1"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
instance_type      = ["t3.small", "t3.medium"]
max_size           = 4
min_size           = 2
desired_capacity   = 2
key_name           = ""
instance_groups    = { batch = { instance_type = ["m7g.large", "m6g.large"], spot = true, max_size = 2, attributes = { workload = "batch" } } }
load_balancers     = { public = {}, inside = { scheme = "internal" }, legacy = { type = "classic", instance_port = 8080 } }
tags               = { team = "platform" }
`

// vandalism is what a field is changed to behind berth's back, where flipping a flag or adding one is not something
// that AWS would take. The key is the kind and the field's path in its Go type.
func vandalism() map[string]string {
	return map[string]string{
		"route_table.Subnet":                              "", // to no subnet
		"route.Target":                                    "nat_gateway.eu-west-1b",
		"instance_profile.Role":                           "",
		"load_balancer.Groups":                            "security_group.instances/default",
		"classic_load_balancer.Groups":                    "security_group.instances/default",
		"launch_template.Content.Profile":                 "",
		"launch_template.Content.SecurityGroups":          "security_group.lb/public",
		"target_group.Check.Path":                         "/healthz",
		"target_group.Check.Port":                         "8081",
		"target_group.Check.Codes":                        "200-299",
		"target_group.Check.Protocol":                     "HTTPS",
		"kms_key.Alias":                                   "",
		"kms_key.Description":                             "something else",
		"kms_key.Policy":                                  `{"Statement":[{"Action":["kms:*"],"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Resource":["*"]}],"Version":"2012-10-17"}`,
		"sns_topic.DisplayName":                           "mallory",
		"sns_topic.Policy":                                `{"Statement":[{"Action":["sns:Publish"],"Effect":"Allow","Principal":"*","Resource":["*"]}],"Version":"2012-10-17"}`,
		"sns_topic.KMSKey":                                "", // in the clear
		"sns_topic.Signature":                             "1",
		"sqs_queue.Policy":                                `{"Statement":[{"Action":["sqs:*"],"Effect":"Allow","Principal":"*","Resource":["*"]}],"Version":"2012-10-17"}`,
		"sqs_queue.Encryption":                            "none",
		"sqs_queue.Retention":                             "3600",
		"sqs_queue.Wait":                                  "0",
		"sqs_queue.DeadLetters":                           "", // nowhere
		"event_rule.Description":                          "something else",
		"event_rule.Pattern":                              `{"source":["aws.s3"]}`,
		"event_rule.Target":                               "sqs_queue.events",
		"event_rule.Values":                               `{"code":"$.id","definition":"$.id","deployment":"$.id","exits":"$.id","group":"$.id","id":"$.id","names":"$.id","reasons":"$.id","service":"$.id","task":"$.id","time":"$.id","what":"$.id","who":"$.id","why":"$.id"}`,
		"event_rule.Message":                              `"all is well"`,
		"event_rule.DeadLetters":                          "", // nowhere
		"log_group.Days":                                  "60",
		"role.Description":                                "something else",
		"role.Trust":                                      `{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}`,
		"secret.Description":                              "something else",
		"secret.Username":                                 "mallory",
		"cluster.Insights":                                "disabled",
		"launch_template.Content.AMI":                     "ami-0123456789abcdef0",
		"launch_template.Content.InstanceType":            "m5.large",
		"launch_template.Content.KeyName":                 "mallory",
		"launch_template.Content.UserData":                "#!/bin/sh\n",
		"launch_template.Content.KeyPair":                 "",
		"launch_template.Content.Volume.Device":           "/dev/sda1",
		"launch_template.Content.Volume.Type":             "gp2",
		"launch_template.Content.Volume.IOPS":             "4000",
		"launch_template.Content.Volume.Throughput":       "200",
		"launch_template.Content.Volume.KMSKey":           "alias/mallory",
		"launch_template.Content.SystemVolume.Device":     "/dev/sda1",
		"launch_template.Content.SystemVolume.Type":       "gp2",
		"launch_template.Content.SystemVolume.IOPS":       "3000",
		"launch_template.Content.SystemVolume.Throughput": "200",
		"launch_template.Content.SystemVolume.KMSKey":     "alias/mallory",
		"launch_template.Content.HTTPTokens":              "optional",
		"launch_template.Content.HTTPEndpoint":            "disabled",
		"auto_scaling_group.SpotStrategy":                 "capacity-optimized",
		"auto_scaling_group.OnDemandStrategy":             "lowest-price",
		"auto_scaling_group.HealthCheck":                  "ELB",
		"auto_scaling_group.DeletionProtection":           "none",
		"auto_scaling_group.MaxHealthyPercent":            "110",
		"capacity_provider.TargetCapacity":                "90",
		"capacity_provider.MaxStep":                       "100",
		"classic_load_balancer.Check.Target":              "TCP:81",
		"classic_load_balancer.Protocol":                  "TCP",
		"bucket.Encryption":                               "aws:kms",
		"bucket.Ownership":                                "BucketOwnerPreferred",
		"bucket.ExpirePrefix":                             "old/",
		"bucket.Policy":                                   `{"Statement":[{"Action":["s3:GetObject"],"Effect":"Deny","Principal":"*","Resource":["arn:aws:s3:::berth-123456789012-eu-west-1-acc-acc/*"],"Sid":"Other"}],"Version":"2012-10-17"}`,
		"capacity.Min":                                    "1",
		"load_balancer.AccessLogs":                        "mallorys-logs/x",
		"classic_load_balancer.AccessLogs":                "mallorys-logs/x",
		"classic_load_balancer.TLS.Protocol":              "SSL to TCP",
		"classic_load_balancer.TLS.Certificate":           "arn:aws:acm:eu-west-1:123456789012:certificate/mallory",
		"classic_load_balancer.TLS.Policy":                "ELBSecurityPolicy-2015-05",
		"listener.TLS.Certificate":                        "arn:aws:acm:eu-west-1:123456789012:certificate/mallory",
		"listener.TLS.Policy":                             "ELBSecurityPolicy-2016-08",
		"listener.Redirect.Status":                        "HTTP_302",
		"listener.Redirect.Host":                          "mallory.example.com",
		"vpc_endpoint.Groups":                             "security_group.instances/default",
		"vpc_endpoint.Policy":                             `{"Statement":[{"Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}],"Version":"2012-10-17"}`,
		"daemon_service.MinHealthyPercent":                "50",
		"daemon_service.Placement":                        "attribute:ecs.os-type == linux",
		"daemon_service.PropagateTags":                    "TASK_DEFINITION",
		"deletion_protection.enabled":                     "false",
		"idle_timeout.timeout_seconds":                    "90",
		"routing.http.desync_mitigation_mode":             "monitor",
		"routing.http.drop_invalid_header_fields.enabled": "false",
		"routing.http2.enabled":                           "false",
		"deregistration_delay.timeout_seconds":            "90",
		"load_balancing.algorithm.type":                   "least_outstanding_requests",
		"slow_start.duration_seconds":                     "60",
		"stickiness.enabled":                              "true",
	}
}

// vandal makes copies of a resource with one field changed each.
type vandal struct {
	kind  model.Kind
	root  reflect.Value // the resource, addressable
	found []model.Resource
}

func vandalise(r model.Resource) []model.Resource {
	v := vandal{kind: r.Key().Kind}
	fresh := func() reflect.Value {
		p := reflect.New(reflect.TypeOf(r)).Elem()
		p.Set(reflect.ValueOf(r))
		return p
	}
	v.root = fresh()
	v.walk(v.root, "")
	return v.found
}

// change records a copy with one field changed and undoes the change.
func (v *vandal) change(f, to reflect.Value) {
	old := reflect.New(f.Type()).Elem()
	old.Set(f)
	f.Set(to)
	v.found = append(v.found, v.root.Interface().(model.Resource))
	f.Set(old)
}

func (v *vandal) walk(s reflect.Value, path string) {
	for i := range s.NumField() {
		f, name := s.Field(i), strings.TrimPrefix(path+"."+s.Type().Field(i).Name, ".")
		switch x := f.Interface().(type) {
		case model.Tags:
			v.tags(f, x)
		case model.Settings:
			v.settings(f, x)
		case []model.Rule:
			v.rules(f, x)
		case []model.Policy:
			v.change(f, reflect.ValueOf(append(slices.Clone(x), model.Policy{Name: "extra", Document: `{"Statement":[{"Action":["s3:ListAllMyBuckets"],"Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"}`})))
			for i := range x {
				v.change(f, reflect.ValueOf(slices.Delete(slices.Clone(x), i, i+1)))
			}
		case []string:
			v.list(f, x)
		case []model.Key:
			v.keys(f, name, x)
		case []model.StrategyItem:
			other := slices.Clone(x)
			other[0].Weight++
			v.change(f, reflect.ValueOf(other))
		default:
			v.scalar(f, name)
		}
	}
}

// idle tells what AWS has not got or does not look at: what is not there has no settings, and a group without Spot buys none.
func (v *vandal) idle(f reflect.Value, name string) bool {
	g, isGroup := reflect.TypeAssert[model.Group](v.root)
	bought := name == "SpotStrategy" || name == "OnDemandBase" || name == "OnDemandPercentage"
	absent := f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[model.Key]() && f.IsZero()
	return absent || isGroup && bought && !g.Spot
}

func (v *vandal) scalar(f reflect.Value, name string) {
	to, given := vandalism()[string(v.kind)+"."+name]
	switch {
	case v.idle(f, name):
	case f.Type() == reflect.TypeFor[model.Key]() && given:
		v.change(f, reflect.ValueOf(model.ParseKey(to)))
	case v.kind == model.KindProvider && name == "ManagedScaling": // termination protection needs it
		p := v.root.Interface().(model.Provider)
		p.ManagedScaling, p.TerminationProtection = false, false
		v.found = append(v.found, p)
	case f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[model.Key]():
		v.walk(f, name)
	case f.Kind() == reflect.Bool:
		v.change(f, reflect.ValueOf(!f.Bool()))
	case f.Kind() == reflect.Int:
		n := int(f.Int()) + 1
		if given {
			_, _ = fmt.Sscan(to, &n)
		}
		v.change(f, reflect.ValueOf(n))
	case name == "Values" && v.root.Interface().(model.EventRule).Message == "":
	case f.Kind() == reflect.String && given:
		v.change(f, reflect.ValueOf(to).Convert(f.Type()))
	}
}

// keys drops the last of several keys, and puts another in the place of a single one where AWS allows that.
func (v *vandal) keys(f reflect.Value, name string, x []model.Key) {
	to, given := vandalism()[string(v.kind)+"."+name]
	switch {
	case len(x) == 1 && given:
		v.change(f, reflect.ValueOf([]model.Key{model.ParseKey(to)}))
	case len(x) > 1, len(x) == 1 && name == "Classic":
		v.change(f, reflect.ValueOf(slices.Clone(x[:len(x)-1])))
	}
}

func (v *vandal) tags(f reflect.Value, tags model.Tags) {
	for _, t := range tags {
		if t.Key == model.TagManaged {
			continue // ECS puts it back by itself
		}
		v.change(f, reflect.ValueOf(tags.Without(t.Key)))
	}
	if len(tags) > 0 && tags.Get("team") != "" {
		v.change(f, reflect.ValueOf(tags.With("team", "mallory")))
	}
}

func (v *vandal) settings(f reflect.Value, s model.Settings) {
	for i, one := range s {
		out := slices.Clone(s)
		out[i].Value = vandalism()[one.Name]
		v.change(f, reflect.ValueOf(out))
	}
}

func (v *vandal) rules(f reflect.Value, rules []model.Rule) {
	v.change(f, reflect.ValueOf(append(slices.Clone(rules), model.Rule{Protocol: "tcp", From: 22, To: 22, CIDR: "0.0.0.0/0"})))
	if len(rules) > 0 {
		v.change(f, reflect.ValueOf(slices.Clone(rules[1:])))
		other := slices.Clone(rules)
		other[0].Description = "mallory was here"
		v.change(f, reflect.ValueOf(other))
	}
}

func (v *vandal) list(f reflect.Value, x []string) {
	if len(x) > 1 {
		v.change(f, reflect.ValueOf(slices.Clone(x[1:])))
	}
}

// settled are the settings that nobody can change behind berth's back with one change of one resource, and why.
func settled() map[string]string {
	return map[string]string{
		"daemon_service.task_definition":                     "a service runs only revisions that stand; container_test.go gives it another one",
		"daemon_service.maximum_percent":                     "AWS takes nothing but 100 for daemons",
		"auto_scaling_group.launch_template":                 "follows from the template, whose own settings are changed here",
		"capacity.desired_capacity":                          "owned by managed scaling while that is on",
		"auto_scaling_group.maintenance.min_healthy_percent": "AWS wants it within 100 of the maximum, which is 200",
		"listener.protocol":                                  "AWS wants a certificate for any other",
		"listener.default_target":                            "AWS lets a target group serve one load balancer",
		"classic_load_balancer.https.port":                   "a listener on another port is somebody else's",
		"secret.value":                                       "it says no more than whether it is the right one; registry_test.go changes what is stored",
		"secret.kms_key":                                     "AWS wants a key that there is; registry_test.go makes one",
		"agent_config.value":                                 "it says no more than whether it is the right one; registry_test.go changes what is stored",
		"agent_config.older_versions":                        "they come with a new one; registry_test.go puts one",
		"event_rule.target_extras":                           "berth has no words for them; alert_test.go puts a role on a target",
		"internet_gateway.vpc":                               "AWS refuses to detach it while addresses are mapped",
		"nat_gateway.address":                                "for ever", "nat_gateway.subnet": "for ever",
	}
}

func TestEverySettingChangedBehindItsBackShowsAndIsMended(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	t.Run("everything", func(t *testing.T) { drifts(t, covered, everything) })
	for _, f := range features(t) {
		t.Run(f.name, func(t *testing.T) { drifts(t, covered, everything, f.text) })
	}
}

// drifts changes every setting of a cluster that was not covered by another one.
func drifts(t *testing.T, covered map[string]bool, texts ...string) {
	golden, c := standing(t, texts...)
	golden.Agrees(t, c, "to begin with")
	s, err := golden.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	for r := range s.Want.All() {
		for n, changed := range vandalise(r) {
			fields := plan.Diff(changed, r)
			if !worthwhile(r, fields, covered) {
				continue
			}
			for _, f := range fields {
				covered[named(r, f)] = true
			}
			t.Run(fmt.Sprintf("%s %d %s", r.Key(), n, fields[0].Name), func(t *testing.T) { mend(t, golden.Fork(t), c, s, changed) })
		}
	}
	allCovered(t, s.Want, covered)
}

// worthwhile tells whether a change is a case: AWS lets somebody make it in place, and no case was like it; with -full that of every
// resource is one.
func worthwhile(r model.Resource, fields []plan.Field, covered map[string]bool) bool {
	if slices.ContainsFunc(fields, func(f plan.Field) bool {
		return f.Replaces || settled()[named(r, f)] != "" || followsRevision(named(r, f))
	}) {
		return false
	}
	return slices.ContainsFunc(fields, func(f plan.Field) bool { return *full || !covered[named(r, f)] })
}

// followsRevision tells the settings of a service that are those of the task definition that it runs.
func followsRevision(name string) bool { return strings.HasPrefix(name, "daemon_service.container.") }

// allCovered wants a case for every setting of every kind.
func allCovered(t *testing.T, want model.Set, covered map[string]bool) {
	for r := range want.All() {
		for _, a := range r.Attrs() {
			rule, _ := plan.RuleOf(r.Key().Kind, a.Name)
			name := string(r.Key().Kind) + "." + a.Name
			if !rule.Replace && !covered[name] && settled()[name] == "" && !followsRevision(name) && a.Name != "tags."+model.TagManaged {
				t.Errorf("%s was never changed behind berth's back", name)
			}
		}
	}
}

// named is a setting of a kind, whichever resource of the kind it is.
func named(r model.Resource, f plan.Field) string { return string(r.Key().Kind) + "." + f.Name }

// mend changes one resource of what a survey has found as somebody would on AWS's console, and wants to see
// exactly that in the plan and nothing left of it after an apply.
func mend(t *testing.T, r *Rig, c *config.Config, s drive.Survey, changed model.Resource) {
	cluster, _ := r.cluster(c)
	w := apply.Writer{Cloud: cluster.Cloud, Scope: s.Facts.Scope, Secrets: cluster.Secrets}
	k := changed.Key()
	have, _ := s.Have.Get(k)
	want, _ := s.Want.Get(k)
	fields := plan.Diff(have, changed)
	act := plan.Change{Step: plan.Step{Verb: plan.Update, Key: k}, From: have, To: changed, Fields: fields}
	if _, err := w.Do(context.Background(), act, s.Have, 1); err != nil {
		t.Fatalf("cannot be changed behind berth's back: %v", err)
	}
	s, err := r.Survey(c)
	if err != nil {
		t.Fatal(err)
	}
	shows(t, s.Plan, k, plan.Diff(changed, want))
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Agrees(t, c, "after it was mended")
}

// shows wants a plan that updates just this resource in just these settings. A changed template also changes what its
// group points at.
func shows(t *testing.T, p plan.Plan, k model.Key, want []plan.Field) {
	t.Helper()
	for _, change := range p.Changes {
		switch {
		case change.Verb == plan.Wait:
		case change.Key != k && !(k.Kind == model.KindTemplate && change.Key == model.GroupKey(k.Name)):
			t.Errorf("the plan also changes %s: %s %v", change.Key, change.Verb, change.Fields)
		case change.Key == k && change.Verb != plan.Update:
			t.Errorf("the plan wants to %s %s", change.Verb, k)
		}
	}
	change, _ := p.Find(plan.Step{Verb: plan.Update, Key: k})
	got := slices.DeleteFunc(names(change.Fields), func(n string) bool { return follows(n, want) })
	if !slices.Equal(got, names(want)) {
		t.Errorf("the plan shows %v, want %v", got, names(want))
	}
}

// follows tells what cannot but change along with a setting: without the list of the user's tags they look like
// somebody else's, and only spot groups have a strategy and a share.
func follows(name string, of []plan.Field) bool {
	return slices.ContainsFunc(of, func(f plan.Field) bool {
		return f.Name == "tags."+model.TagUserTags && name == "tags.team" || f.Name == "spot" && (name == "spot_allocation_strategy" || name == "on_demand_percentage")
	})
}

func names(fields []plan.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	slices.Sort(out)
	return out
}
