package draft

import (
	"slices"
	"strings"

	"berth/internal/document"
)

// Resolve puts answers in for references. Those without an answer stay, in the documents and in References, so that another step
// may know them. A list stands for a whole text, or for an item of a list.
func Resolve(f Folder, answer func(Reference) (document.Value, bool)) Folder {
	of := map[document.Position][]Reference{}
	for _, r := range f.References {
		of[r.At] = append(of[r.At], r)
	}
	f.References = nil
	resolve := func(v document.Value) document.Value {
		if refs := of[v.At]; v.Kind == document.Text && v.At.Line > 0 && len(refs) > 0 {
			var left []Reference
			v, left = filled(v, refs, answer)
			f.References = append(f.References, left...)
		}
		return spliced(v)
	}
	f.Definition = f.Definition.Map(resolve)
	f.Service = f.Service.Map(resolve)
	return f
}

// filled is a text with the answers for its references, and those that had none.
func filled(v document.Value, refs []Reference, answer func(Reference) (document.Value, bool)) (document.Value, []Reference) {
	var b strings.Builder
	var left []Reference
	from := 0
	for _, r := range refs {
		b.WriteString(v.Text[from:r.Start])
		from = r.End
		a, ok := answer(r)
		if ok && a.Kind == document.List {
			a.At = v.At
			return a, nil
		}
		if ok {
			b.WriteString(a.Text)
			continue
		}
		piece := v.Text[r.Start:r.End]
		r.Start = b.Len()
		b.WriteString(piece)
		r.End = b.Len()
		left = append(left, r)
	}
	v.Text = b.String() + v.Text[from:]
	return v, left
}

// spliced is a list of texts in which a list of texts has become its items.
func spliced(v document.Value) document.Value {
	if v.Kind != document.List || !slices.ContainsFunc(v.Items, func(i document.Value) bool { return i.Kind == document.List }) {
		return v
	}
	var items []document.Value
	for _, item := range v.Items {
		if item.Kind == document.List {
			items = append(items, item.Items...)
		} else {
			items = append(items, item)
		}
	}
	v.Items = items
	return v
}

// Awsvpc is the network mode of tasks with a network interface of their own.
const Awsvpc = "awsvpc"

// TargetGroup is a target group that the service shall have of its own, behind a load balancer of the cluster.
type TargetGroup struct {
	Reference Reference // its answer is the group's ARN
	Port      int       // of the container
	Type      string    // "ip", "instance"
}

// TargetGroups are those that the service shall have of its own and that are not resolved yet, in the order of the file.
func (f Folder) TargetGroups() []TargetGroup {
	kind := "instance"
	if Text(f.Definition, "networkMode") == Awsvpc {
		kind = "ip"
	}
	var out []TargetGroup
	for _, b := range f.Service.Get("loadBalancers").Items {
		v := b.Get("targetGroupArn")
		for _, r := range f.References {
			if r.At == v.At && r.Route.Own() {
				port, _ := Number(b, "containerPort")
				out = append(out, TargetGroup{Reference: r, Port: port, Type: kind})
			}
		}
	}
	return out
}

// LogGroups are the log groups that containers write to with awslogs, each once.
func (f Folder) LogGroups() []string {
	var out []string
	for _, c := range f.Definition.Get("containerDefinitions").Items {
		name := Text(c, "logConfiguration", "options", "awslogs-group")
		if Text(c, "logConfiguration", "logDriver") == "awslogs" && name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
