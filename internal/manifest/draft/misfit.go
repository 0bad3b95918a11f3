package draft

import (
	"math"
	"math/big"
	"slices"
	"strconv"
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

// misfits tells what does not fit a shape.
type misfits struct {
	*fault.Report
	Sheet
}

// Reshape tells what of a folder does not fit the shapes, now that the cluster has answered.
func Reshape(r *fault.Report, f Folder) {
	leeway := func(v document.Value) shape.Leeway {
		if f.Open(v) {
			return shape.Open
		}
		return shape.Strict
	}
	m := misfits{r, f.Sheet}
	m.check(f.Definition, definitionShape(), leeway)
	if !f.Once() {
		m.check(f.Service, serviceShape(), leeway)
	}
}

// check compares a document with its shape.
func (m misfits) check(v document.Value, s frame, leeway func(document.Value) shape.Leeway) document.Value {
	fitted, found := shape.Check(s.shape, v, leeway)
	for _, p := range found {
		m.one(p, s)
	}
	return fitted
}

// one tells of one misfit.
func (m misfits) one(p shape.Problem, s frame) {
	switch p.Kind {
	case shape.Unknown:
		m.unknown(p, s)
	case shape.Type:
		m.typed(p)
	case shape.Missing:
		m.Fail(p.At, fault.Fault{Code: fault.CodeMissing, Summary: orFile(p.In) + " has no " + p.Name, Hint: "add " + example(p.Name, p.Want)})
	case shape.Choice:
		f := fault.Fault{Code: fault.CodeChoice, Summary: p.Path() + " cannot be " + m.Quote(p.Value), Hint: "one of " + strings.Join(p.Known, ", ")}
		if near := spell.Meant(p.Value.Text, p.Known); near != "" {
			f.Hint = "did you mean " + fault.Quote(near) + "?"
		} else if len(p.Known) == 1 {
			f.Hint = `write "` + p.Name + `": ` + fault.Quote(p.Known[0])
		}
		m.Fail(p.At, f)
	}
}

// typed tells of a value of the wrong kind, or of a number that is too large for its place.
func (m misfits) typed(p shape.Problem) {
	f := fault.Fault{Code: fault.CodeType, Summary: orFile(p.Path()) + " must be " + string(p.Want) + ", not " + m.Quote(p.Value), Hint: m.retyped(p)}
	if n, ok := new(big.Int).SetString(p.Value.Text, 10); ok && p.Value.Kind == document.Number && p.Want == "a whole number" {
		f = fault.Fault{Code: fault.CodeRange, Summary: p.Path() + " cannot be " + m.Quote(p.Value), Hint: "at most 2147483647"}
		if n.Sign() < 0 {
			f.Hint = "at least -2147483648"
		}
	}
	m.Fail(p.At, f)
}

// unknown tells of a member that there is not, and where it belongs or what was meant.
func (m misfits) unknown(p shape.Problem, s frame) {
	f := fault.Fault{Code: fault.CodeUnknown, Summary: "ECS knows no " + shape.Problem{In: p.In, Name: printable(p.Name)}.Path()}
	other, file := definitionShape().shape, DefinitionFile
	if s.shape == other {
		other, file = serviceShape().shape, ServiceFile
	}
	switch near := spell.Meant(p.Name, p.Known); {
	case p.In == "" && slices.Contains(s.answered, p.Name):
		f.Detail = s.describe + " answers with it, and " + s.call + " does not take it."
		f.Hint = "leave it out"
	case p.In == "" && has(other, p.Name):
		f.Hint = "it belongs in " + file
	case isNote(p.Name):
		f.Detail, f.Hint = "JSON has no place for notes.", "leave it out"
	case near != "":
		f.Hint = "did you mean " + near + "?"
	case len(p.Known) <= 20:
		f.Hint = "known here: " + strings.Join(p.Known, ", ")
	default:
		f.Hint = "what ECS knows here stands in its API reference"
	}
	m.Fail(p.At, f)
}

// isNote tells whether a member looks like a remark.
func isNote(name string) bool {
	lower := strings.ToLower(strings.TrimLeft(name, "_$/#"))
	return lower != strings.ToLower(name) || slices.Contains([]string{"comment", "comments", "note", "notes", "description"}, lower)
}

// has tells whether a shape has a member at its top.
func has(of, name string) bool {
	_, found := shape.Check(of, document.Value{Kind: document.Object, Members: []document.Member{{Name: name}}},
		func(document.Value) shape.Leeway { return shape.Open })
	return !slices.ContainsFunc(found, func(p shape.Problem) bool { return p.Kind == shape.Unknown })
}

// retyped is the line with the value as it must be written, where that can be known.
func (m misfits) retyped(p shape.Problem) string {
	v, name := p.Value, p.Name+": "
	if strings.HasPrefix(p.Name, "[") {
		name = ""
	} else {
		name = `"` + strings.TrimSuffix(name, ": ") + `": `
	}
	if m.Sheet.Book.Masked(v) || m.from[v.At] {
		return "write " + example(p.Name, p.Want)
	}
	if text := meant(p.Want, v); text != "" {
		return "write " + name + text
	}
	return "write " + example(p.Name, p.Want)
}

// meant is a value as what it was probably meant to be; empty: nobody can tell.
func meant(want shape.Want, v document.Value) string {
	switch plain := v.Kind == document.Text; {
	case want == "a text" && (v.Kind == document.Number || v.Kind == document.Bool):
		return fault.Quote(v.Text)
	case want == "a whole number" && plain && isNumber(v), want == "true or false" && plain && isFlag(v.Text):
		return v.Text
	case want == "a whole number" && v.Kind == document.Number:
		return integral(v.Text)
	case want == "a list of texts" && plain:
		return "[" + fault.Quote(v.Text) + "]"
	}
	return ""
}

func isNumber(v document.Value) bool {
	_, ok := v.Number()
	return ok
}

// integral is a number as a whole one is written: 1e3 is 1000; "" where it is none, or none that AWS takes.
func integral(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return ""
	}
	return strconv.Itoa(int(f))
}

func isFlag(text string) bool { return text == "true" || text == "false" }

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
