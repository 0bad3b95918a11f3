package model

// LogGroup is a CloudWatch Logs group that the instances ship one log file to.
type LogGroup struct {
	File string // "/var/log/messages": the key's name
	Name string
	Days int // retention; 0 means for ever
	Tags Tags
}

// LogGroupKey names the log group of a log file.
func LogGroupKey(file string) Key { return Key{KindLogGroup, file} }

// Key is LogGroupKey of its file.
func (l LogGroup) Key() Key { return LogGroupKey(l.File) }

// Refs is empty.
func (l LogGroup) Refs() []Key { return nil }

// Attrs lists the log group's settings.
func (l LogGroup) Attrs() []Attr {
	var a attrs
	a.text("name", l.Name)
	a.number("retention_days", l.Days)
	a.tags(l.Tags)
	return a
}
