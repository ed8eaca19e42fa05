INSERT INTO not_there_yet (note) VALUES ('x');
