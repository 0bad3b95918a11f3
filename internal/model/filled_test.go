package model_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"berth/internal/model"
)

// everyKind is an empty resource of every kind. A new kind is added here, and all tests of this package know it.
func everyKind() []model.Resource {
	return []model.Resource{
		model.Bucket{},
		model.VPC{},
		model.DefaultGroup{},
		model.InternetGateway{},
		model.Subnet{},
		model.RouteTable{},
		model.ElasticIP{},
		model.NATGateway{},
		model.Route{},
		model.SecurityGroup{},
		model.Endpoint{},
		model.LoadBalancer{},
		model.TargetGroup{},
		model.Listener{},
		model.ClassicLoadBalancer{},
		model.ServiceRole{},
		model.Role{},
		model.Profile{},
		model.Secret{},
		model.AgentConfig{},
		model.LogGroup{},
		model.KMSKey{},
		model.Topic{},
		model.Subscription{},
		model.Queue{},
		model.EventRule{},
		model.FlowLog{},
		model.Cluster{},
		model.KeyPair{},
		model.LaunchTemplate{},
		model.Group{},
		model.Provider{},
		model.ClusterProviders{},
		model.Capacity{},
		model.TaskDefinition{},
		model.DaemonService{},
	}
}

// filled gives every field of a resource a value of its own, lists two entries.
func filled(r model.Resource) model.Resource {
	v := reflect.New(reflect.TypeOf(r)).Elem()
	n := 0
	fill(v, &n)
	return v.Interface().(model.Resource)
}

func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%03d", *n))
	case reflect.Int:
		v.SetInt(int64(1000 + *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, n)
		}
		if r, ok := reflect.TypeAssert[*model.Rule](v.Addr()); ok && *n%2 == 0 {
			r.Group = model.Key{} // exactly one of range and group is set
		} else if ok {
			r.CIDR = ""
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	default:
		panic("nothing is known about filling a " + v.Kind().String())
	}
}

// leaves walks all fields that hold text, a number or a truth; path names fields, not places in lists.
func leaves(v reflect.Value, path string, visit func(path string, leaf reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if path != "" {
				name = path + "." + name
			}
			leaves(v.Field(i), name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			leaves(v.Index(i), path, visit)
		}
	default:
		visit(path, v)
	}
}

// change gives a leaf another value and takes it back afterwards.
func change(leaf reflect.Value, while func()) {
	old := reflect.New(leaf.Type()).Elem()
	old.Set(leaf)
	switch leaf.Kind() {
	case reflect.String:
		leaf.SetString(leaf.String() + "x")
	case reflect.Int:
		leaf.SetInt(leaf.Int() + 1)
	case reflect.Bool:
		leaf.SetBool(!leaf.Bool())
	default:
		panic("nothing is known about changing a " + leaf.Kind().String())
	}
	while()
	leaf.Set(old)
}

func TestThereIsATypeForEveryKind(t *testing.T) {
	kinds := model.Kinds()
	for i, r := range everyKind() {
		if i >= len(kinds) || r.Key().Kind != kinds[i] {
			t.Fatalf("%T is of kind %s, and number %d of the kinds is another", r, r.Key().Kind, i)
		}
	}
	if len(everyKind()) != len(kinds) {
		t.Errorf("%d types for %d kinds", len(everyKind()), len(kinds))
	}
}

// noSetting names the fields that may change without being a setting, and why.
func noSetting() map[string]string {
	return map[string]string{
		"Bucket.OtherTags.Key": "tags of others never drift", "Bucket.OtherTags.Value": "tags of others never drift",
		"LaunchTemplate.LatestVersion":  "observed",
		"LaunchTemplate.DefaultVersion": "observed",
		"Group.Instances.ID":            "observed", "Group.Instances.Zone": "observed", "Group.Instances.Type": "observed",
		"Group.Instances.State": "observed", "Group.Instances.Health": "observed", "Group.Instances.TemplateVersion": "observed",
		"Group.Instances.Reasons.Kind": "observed", "Group.Instances.Reasons.Have": "observed", "Group.Instances.Reasons.Want": "observed", "Group.Instances.Protected": "observed",
		"Group.Desired": "observed", "Group.Min": "observed", "Group.DesiredTag": "observed", "Group.Raised": "observed", "Group.Roll": "observed",
		"AgentConfig.Versions": "observed",
		"KMSKey.Kept":          "wanted only", "Subscription.Marks": "wanted only", "EventRule.OtherTargets": "targets of others never drift",
		"Cluster.ExecLogs":     "observed",
		"Capacity.Routes.Kind": "wanted only", "Capacity.Routes.Name": "wanted only",
		"DaemonService.On.Kind": "follows from the placement", "DaemonService.On.Name": "follows from the placement",
	}
}

func TestEveryFieldIsASettingOrPartOfTheKey(t *testing.T) {
	known := noSetting()
	for _, r := range everyKind() {
		v := reflect.New(reflect.TypeOf(r)).Elem()
		v.Set(reflect.ValueOf(filled(r)))
		now := func() model.Resource { return v.Interface().(model.Resource) }
		before, key := fmt.Sprintf("%q", now().Attrs()), now().Key()
		leaves(v, "", func(path string, leaf reflect.Value) {
			if leaf.IsZero() {
				return // the other one of a rule's range and group
			}
			name := reflect.TypeOf(r).Name() + "." + path
			change(leaf, func() {
				shows := fmt.Sprintf("%q", now().Attrs()) != before || now().Key() != key
				if why := known[name]; shows == (why != "") {
					t.Errorf("%s: shows as a setting is %v; known as none because: %q", name, shows, why)
				}
			})
		})
	}
}

func TestSettingsHaveNamesThatDiffer(t *testing.T) {
	for _, r := range everyKind() {
		seen := map[string]bool{}
		for _, a := range filled(r).Attrs() {
			if a.Name == "" || seen[a.Name] {
				t.Errorf("%T: the setting %q comes twice or has no name", r, a.Name)
			}
			seen[a.Name] = true
		}
	}
}

// noReference names the keys that Refs leaves out, and why.
func noReference() map[string]string {
	return map[string]string{
		"InternetGateway.VPC":                 "the VPC of ours takes its place, whatever it is attached to",
		"RouteTable.Subnet":                   "the subnet of ours takes its place, whatever it is associated with",
		"Profile.Role":                        "the role of ours takes its place, whatever it holds",
		"Provider.AutoScalingGroup":           "the group of ours takes its place, whatever it scales",
		"ClusterProviders.Strategy.Provider":  "AWS wants it among the providers",
		"DefaultGroup.Ingress.Group":          "what it lets through goes with it",
		"DefaultGroup.Egress.Group":           "what it lets through goes with it",
		"DaemonService.Content.ExecutionRole": "the task definition refers to it",
		"DaemonService.Content.TaskRole":      "the task definition refers to it",
		"DaemonService.Content.LogGroup":      "the task definition refers to it",
	}
}

func TestEveryKeyInAResourceIsOneOfItsReferences(t *testing.T) {
	known := noReference()
	for _, r := range everyKind() {
		full := filled(r)
		refs := full.Refs()
		eachKey(reflect.ValueOf(full), reflect.TypeOf(r).Name(), func(path string, k model.Key) {
			if is, why := slices.Contains(refs, k), known[path]; !k.IsZero() && is == (why != "") {
				t.Errorf("%s: among the references is %v; known as none because: %q", path, is, why)
			}
		})
	}
}

func eachKey(v reflect.Value, path string, visit func(path string, k model.Key)) {
	if k, ok := reflect.TypeAssert[model.Key](v); ok {
		visit(path, k)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachKey(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachKey(v.Index(i), path, visit)
		}
	default: // holds no key
	}
}

func TestReferencesAreTheCallersOwn(t *testing.T) {
	for _, r := range everyKind() {
		full := filled(r)
		before := fmt.Sprint(full.Refs())
		refs := full.Refs()
		for i := range refs {
			refs[i] = model.Foreign("spoilt")
		}
		_ = append(refs[:0], model.Foreign("spoilt"))
		if fmt.Sprint(full.Refs()) != before {
			t.Errorf("%T: a caller can change what it refers to", r)
		}
	}
}
