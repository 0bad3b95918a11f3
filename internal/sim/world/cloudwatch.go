package world

import "time"

// CloudWatch is the state of metrics and alarms.
type CloudWatch struct {
	Metrics Table[Metric]      // by namespace, name and dimensions
	Alarms  Table[MetricAlarm] // by name
	History []AlarmEvent       // of all alarms, also of deleted ones, oldest first
}

// Metric is a series of measurements.
type Metric struct {
	Namespace, Name string
	Dimensions      []Tag        // by name
	Spans           []MetricSpan // oldest first; they do not overlap but for their units
	Last            time.Time    // when something was measured last
}

// MetricSpan is what was measured in each of some minutes.
type MetricSpan struct {
	From, To             time.Time // whole minutes; To is the first that is not part of it, zero while it goes on by itself
	Unit                 string
	Count, Sum, Min, Max float64 // of each minute
}

// MetricAlarm watches one statistic of one metric.
type MetricAlarm struct {
	Name, ARN, Description string
	Namespace, Metric      string
	Dimensions             []Tag // by name
	Statistic, Unit        string
	Comparison             string
	Threshold              float64
	Period                 int // seconds
	Periods, ToAlarm       int // how many are looked at, and how many of them must breach
	Missing                string
	MissingSet, ToAlarmSet bool // by the owner
	Enabled                bool // its actions
	OK, Alarm, Unknown     []string
	State                  string // "OK", "ALARM", "INSUFFICIENT_DATA"
	Reason, ReasonData     string
	Seen                   []float64 // the values that it looked at last, of the periods with data
	Configured             time.Time
	StateUpdated           time.Time
	StateChanged           time.Time
	Due                    time.Time // when it is evaluated next; zero: when something is measured
	Tags                   Tags
}

// Actions are what an alarm's present state asks for, as ARNs; none while its actions are disabled.
func (a *MetricAlarm) Actions() []string {
	switch {
	case !a.Enabled:
		return nil
	case a.State == "OK":
		return a.OK
	case a.State == "ALARM":
		return a.Alarm
	default:
		return a.Unknown
	}
}

// AlarmEvent is something that happened to an alarm.
type AlarmEvent struct {
	At                           time.Time
	Alarm, Type, Summary, Detail string // Type is "StateUpdate", "ConfigurationUpdate", "Action"; Detail is JSON
}
