package model

// The kinds of what runs in a cluster without being part of it. Others start and stop it; no file asks for it, and only
// a destroy looks for it.
const (
	KindService Kind = "service"
	KindTask    Kind = "task"
)

// tenants follow the kinds in reading order.
//
//nolint:gochecknoglobals // a table
var tenants = [...]Kind{KindService, KindTask}

// Service is an ECS service in the cluster, whoever made it.
type Service struct {
	Name             string
	Desired, Running int
	On               []Key // the capacity that its tasks stand on
}

// ServiceKey names a service.
func ServiceKey(name string) Key { return Key{KindService, name} }

// Key is ServiceKey of its name.
func (s Service) Key() Key { return ServiceKey(s.Name) }

// Refs are the cluster and its capacity: a service goes while there are instances to drain its tasks on.
func (s Service) Refs() []Key { return append([]Key{ClusterKey()}, s.On...) }

// Attrs is empty: nothing of a service is berth's to set.
func (s Service) Attrs() []Attr { return nil }

// Task is an ECS task that belongs to no service.
type Task struct {
	ID     string
	Family string // of its task definition
	On     []Key  // the capacity that it stands on
}

// TaskKey names a task.
func TaskKey(id string) Key { return Key{KindTask, id} }

// Key is TaskKey of its id.
func (t Task) Key() Key { return TaskKey(t.ID) }

// Refs are the cluster and its capacity.
func (t Task) Refs() []Key { return append([]Key{ClusterKey()}, t.On...) }

// Attrs is empty: nothing of a task is berth's to set.
func (t Task) Attrs() []Attr { return nil }
