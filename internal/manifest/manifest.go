// Package manifest reads service folders: taskdef.json and service.json in the shapes that AWS's own tools take, with
// placeholders for variables and for what the cluster knows.
//
// In: the files' texts, the variables, and, for the questions that need them, facts about the cluster as plain data. Out: documents
// that ECS will take, or every fault at once, each with its place and the line to write; and what a deployment adds to them. It must
// never ask AWS, nor put the value of a variable into a fault.
package manifest

import (
	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/placeholder"
	"berth/internal/manifest/rule"
)

// The files of a folder. One without service.json is a task that runs once.
const (
	DefinitionFile = draft.DefinitionFile
	ServiceFile    = draft.ServiceFile
)

type (
	// Sources is what a folder is read from.
	Sources = draft.Sources
	// File is a file as it is; its name is for faults.
	File = fault.File
	// Folder is what shall run.
	Folder = draft.Folder
	// Reference is a ${berth.…} that the cluster must answer.
	Reference = placeholder.Reference
	// TargetGroup is a target group that the service shall have of its own.
	TargetGroup = draft.TargetGroup
	// Fault is one thing wrong.
	Fault = fault.Fault
	// Faults is everything wrong, in the order of the files.
	Faults = fault.Faults
	// Explanation is the offline help for one fault code.
	Explanation = fault.Explanation
)

type (
	// Cluster is what folders take from a cluster, as plain data.
	Cluster = draft.Cluster
	// Balancer is a load balancer of the cluster.
	Balancer = draft.Balancer
	// Registry is a private registry whose login is in Secrets Manager.
	Registry = draft.Registry
	// Group is an instance group.
	Group = draft.Group
	// Type is an instance type, as large as tasks find it.
	Type = draft.Type
)

// Read reads and checks a folder, offline. The Folder is of use when the faults have not failed.
func Read(s Sources) (Folder, Faults) {
	f, r := draft.Read(s)
	rule.Check(r, f)
	return f, r.Faults()
}

// Check asks whether a folder that was read without errors fits a cluster. What is not known of the cluster is not asked about.
func Check(f Folder, c Cluster) Faults {
	r := fault.NewReport(f.Book)
	rule.Fit(r, f, c)
	return r.Faults()
}

// Resolve puts answers in for references. Those without an answer stay, in the documents and in References.
func Resolve(f Folder, answer func(Reference) (document.Value, bool)) Folder {
	return draft.Resolve(f, answer)
}

// Takes is what one task takes of its instance: cpu in units and memory in MiB. What is not known yet counts nothing.
func Takes(f Folder) (cpu, memory int) { return rule.Takes(f) }

// Codes lists the help for every fault code, in the order of the codes.
func Codes() []Explanation { return fault.Codes() }

// Explain finds the help for one fault code; false when the code is none of this package.
func Explain(code string) (Explanation, bool) { return fault.Explain(code) }
