package manifest

import (
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/shape"
	"berth/internal/spell"
)

// frame is what is known of one of the two documents.
type frame struct {
	shape    string
	name     string   // the member that the folder's name stands for
	call     string   // that takes the document
	describe string   // the command that answers with one
	wrapper  string   // what that answer wraps it in
	answered []string // members that AWS answers with and does not take
	begin    string
}

func definitionShape() frame {
	return frame{
		shape: shape.TaskDefinition, name: "family", call: "aws ecs register-task-definition", describe: "aws ecs describe-task-definition",
		wrapper: "taskDefinition", begin: `"containerDefinitions": [`,
		answered: strings.Fields("taskDefinitionArn revision status requiresAttributes compatibilities registeredAt registeredBy deregisteredAt deleteRequestedAt"),
	}
}

func serviceShape() frame {
	return frame{
		shape: shape.Service, name: "serviceName", call: "aws ecs create-service", describe: "aws ecs describe-services",
		wrapper: "services", begin: `"desiredCount": 2`,
		answered: strings.Fields("serviceArn clusterArn status runningCount pendingCount deployments events createdAt createdBy roleArn " +
			"platformFamily taskSets currentServiceDeployment currentServiceRevisions resourceManagementType"),
	}
}

// misfit tells what does not fit the shape.
func (r *reader) misfit(p shape.Problem, s frame) {
	switch p.Kind {
	case shape.Unknown:
		r.unknown(p, s)
	case shape.Type:
		r.Fail(p.At, Fault{
			Code: codeType, Summary: orFile(p.Path()) + " must be " + string(p.Want) + ", not " + r.quote(p.Value), Hint: r.retyped(p),
		})
	case shape.Missing:
		r.Fail(p.At, Fault{Code: codeMissing, Summary: orFile(p.In) + " has no " + p.Name, Hint: "add " + example(p.Name, p.Want)})
	case shape.Choice:
		f := Fault{Code: codeChoice, Summary: p.Path() + " cannot be " + r.quote(p.Value), Hint: "one of " + strings.Join(p.Known, ", ")}
		if near := nearest(p.Value.Text, p.Known); near != "" {
			f.Hint = "did you mean " + fault.Quote(near) + "?"
		}
		r.Fail(p.At, f)
	}
}

// unknown tells of a member that there is not, and where it belongs or what was meant.
func (r *reader) unknown(p shape.Problem, s frame) {
	f := Fault{Code: codeUnknown, Summary: "ECS knows no " + shape.Problem{In: p.In, Name: printable(p.Name)}.Path()}
	other, file := definitionShape().shape, DefinitionFile
	if s.shape == other {
		other, file = serviceShape().shape, ServiceFile
	}
	switch near := nearest(p.Name, p.Known); {
	case p.In == "" && slices.Contains(s.answered, p.Name):
		f.Detail = s.describe + " answers with it, and " + s.call + " does not take it."
		f.Hint = "leave it out"
	case p.In == "" && has(other, p.Name):
		f.Hint = "it belongs in " + file
	case near != "":
		f.Hint = "did you mean " + near + "?"
	case len(p.Known) <= 20:
		f.Hint = "known here: " + strings.Join(p.Known, ", ")
	default:
		f.Hint = "what ECS knows here stands in its API reference; notes of your own are no part of JSON"
	}
	r.Fail(p.At, f)
}

// has tells whether a shape has a member at its top.
func has(of, name string) bool {
	_, found := shape.Check(of, document.Value{Kind: document.Object, Members: []document.Member{{Name: name}}},
		func(document.Value) shape.Leeway { return shape.Open })
	return !slices.ContainsFunc(found, func(p shape.Problem) bool { return p.Kind == shape.Unknown })
}

// nearest finds what was meant, first without regard to capitals.
func nearest(word string, known []string) string {
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, word) }); i >= 0 {
		return known[i]
	}
	return spell.Nearest(word, known)
}

// retyped is the line with the value as it must be written, where that can be known.
func (r *reader) retyped(p shape.Problem) string {
	v, name := p.Value, p.Name+": "
	if strings.HasPrefix(p.Name, "[") {
		name = ""
	} else {
		name = `"` + strings.TrimSuffix(name, ": ") + `": `
	}
	if r.book.Masked(v) || r.from[v.At] {
		return "write " + example(p.Name, p.Want)
	}
	switch {
	case p.Want == "a text" && (v.Kind == document.Number || v.Kind == document.Bool):
		return "write " + name + fault.Quote(v.Text)
	case p.Want == "a whole number" && v.Kind == document.Text && isNumber(v), p.Want == "true or false" && v.Kind == document.Text && isFlag(v.Text):
		return "write " + name + v.Text
	case p.Want == "a list of texts" && v.Kind == document.Text:
		return "write " + name + "[" + fault.Quote(v.Text) + "]"
	}
	return "write " + example(p.Name, p.Want)
}

func isNumber(v document.Value) bool {
	_, ok := v.Number()
	return ok
}

func isFlag(text string) bool { return text == "true" || text == "false" }

// quote shows a value: hidden ones not at all, and what has a variable in it as it was written.
func (r *sheet) quote(v document.Value) string {
	switch {
	case r.book.Masked(v):
		return "what stands there"
	case v.Kind == document.Text && r.from[v.At]:
		return fault.Printable(r.book.Written(v))
	case v.Kind == document.Text:
		return fault.Quote(v.Text)
	case v.Kind == document.Number || v.Kind == document.Bool:
		return v.Text
	}
	return v.Kind.String()
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return printable(path)
}

func printable(name string) string {
	if len(name) > 80 {
		name = name[:80] + "…"
	}
	return fault.Printable(name)
}

// example is a line that sets a member.
func example(name string, want shape.Want) string {
	values := map[string]string{
		"containerDefinitions": `[{ "name": "web", "image": "nginx:1.29" }]`, "valueFrom": `"arn:aws:secretsmanager:…"`, "logDriver": `"awslogs"`,
		"condition": `"START"`, "containerName": `"web"`, "command": `["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`,
		"credentialsParameter": `"${berth.registry.docker.io}"`, "subnets": `"${berth.subnets.private}"`,
		"securityGroups": `["${berth.security_group.default}"]`, "rollback": "true", "enable": "true", "capacityProvider": `"${berth.capacity_provider.default}"`,
		"alarmNames": `["web-5xx"]`, "hostPath": `"/dev/fuse"`, "sizeInGiB": "30", "value": `"…"`, "type": `"…"`,
	}
	value := values[name]
	if value == "" {
		value = map[shape.Want]string{
			"a text": `"…"`, "true or false": "true", "a whole number": "1", "a number": "1", "a list of texts": `["…"]`, "a list of objects": "[{ … }]",
		}[want]
	}
	if value == "" {
		value = "{ … }"
	}
	if strings.HasPrefix(name, "[") || name == "" {
		return value
	}
	return `"` + name + `": ` + value
}
